import { HeldoutError } from '../../core/errors.js';
import type { PredictionsTable } from '../predictions.js';

export interface GroupOptions {
  /** For each list of variables: one group per combination of their levels. */
  readonly groups?: readonly (readonly string[])[] | undefined;
}

export interface Group {
  /** `shape+hue`. */
  readonly by: string;
  /** `square+red`. */
  readonly group: string;
  readonly rows: readonly number[];
}

/** The groups of some rows that have a member, in the order of their levels. Throws HeldoutError on an unknown variable. */
export function listGroups(
  { variables, context }: PredictionsTable,
  rows: readonly number[],
  { groups = [] }: GroupOptions,
): readonly Group[] {
  return groups.flatMap((names) => {
    const columns = names.map((name) => {
      const column = variables[name];
      const levels = context.names?.[name];
      if (column !== undefined && levels !== undefined) return { column, levels };
      throw new HeldoutError({
        code: 'E_METRIC_GROUPS',
        message: `there is no variable '${name}' to group by`,
        place: 'evaluation.groups',
        hints: [`the variables are ${Object.keys(variables).join(', ')}`],
      });
    });
    const cells = new Map<number, number[]>();
    for (const row of rows) {
      const cell = columns.reduce((code, { column, levels }) => code * levels.length + column[row]!, 0);
      const known = cells.get(cell);
      if (known === undefined) cells.set(cell, [row]);
      else known.push(row);
    }
    return [...cells]
      .sort(([a], [b]) => a - b)
      .map(([, members]) => ({
        by: names.join('+'),
        group: columns.map(({ column, levels }) => levels[column[members[0]!]!]!).join('+'),
        rows: members,
      }));
  });
}
