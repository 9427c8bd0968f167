import { isMeasureRow } from '../../evaluation/generalisation/rows.js';
import type { RecordRow } from '../../evaluation/predictions.js';
import type { RunRecord } from '../../evaluation/record.js';

/** An environment of a set of examples. */
export interface Place {
  readonly set: string;
  /** The variable whose levels are environments. */
  readonly variable: string;
  readonly name: string;
  /** Whether the set has no other environment, so that what is said of the set is said of it. */
  readonly alone: boolean;
}

/**
 * What a record says of an environment beside what its predictions tell, by the names of transfer: `accuracy@apgd-dlr-linf-0.1`
 * of rows of attacks (`accuracy_under_attack` by `{attack, norm, size}`), `accuracy@fog-3` of corruptions
 * (`corrupted_accuracy` by `{corruption, severity}`), and other metrics by their own. A row is of the environment that its
 * group names, as `{VARIABLE: NAME}` or `{by: VARIABLE, group: NAME}`; of the whole set else.
 */
export function readRecorded({ rows }: RunRecord, place: Place): Readonly<Record<string, number>> {
  const own = rows.flatMap((row) => {
    const rest = row.set === place.set ? restOfGroup(row, place) : undefined;
    const name = rest && nameRow(row.metric, rest);
    return name === undefined ? [] : [[name, row.value] as const];
  });
  return Object.fromEntries(own);
}

/** What a record says of the network itself, by the names of its metrics. */
export function readMeasures({ rows }: RunRecord): Readonly<Record<string, number>> {
  return Object.fromEntries(rows.filter(isMeasureRow).map(({ metric, value }) => [metric, value]));
}

/** What a row's group names beside the environment; undefined where it is about another one. */
function restOfGroup({ group }: RecordRow, { variable, name, alone }: Place): RecordRow['group'] | undefined {
  const { [variable]: direct, ...others } = group;
  const { by, group: level, ...rest } = others;
  const named = direct ?? (by === variable ? level : undefined);
  if (named !== undefined) return named === name ? rest : undefined;
  return alone && by === undefined ? others : undefined;
}

function nameRow(metric: string, group: RecordRow['group']): string | undefined {
  if (Object.keys(group).length === 0) return metric;
  const { attack, norm, size, corruption, severity } = group;
  if (metric === 'accuracy_under_attack' && attack !== undefined && attack !== 'none')
    return `accuracy@${attack === 'all' ? 'attack-all' : attack}-${norm}-${size}`;
  if (metric === 'corrupted_accuracy' && corruption !== undefined && corruption !== 'none')
    return `accuracy@${corruption}-${severity}`;
  return undefined;
}
