import { HeldoutError } from '../../core/errors.js';
import { listClassTargets } from '../metrics/rows.js';
import type { PredictionsTable } from '../predictions.js';
import { countGroups, type GroupCounts, listPresent, takeGroups } from './counts.js';
import { orderScores, type ScoredGroup } from './scores/group-scores.js';

/** Some people of a predictions table, as far as group metrics look at them. All arrays are of one length. */
export interface People {
  /** Names of the groups: `Female`, or `Female+White` of several variables; also those without members. */
  readonly groups: readonly string[];
  readonly group: Uint16Array;
  /** 1: the positive class, level 1 of the target. */
  readonly truth: Uint8Array;
  /** 1 where the logit of the positive class is the larger, strictly. */
  readonly decision: Uint8Array;
  /** Probability of the positive class. */
  readonly score: Float64Array;
}

/** The ways to group people: by each protected variable, and, of several, by all of them at once. */
export function listGroupings(variables: readonly string[]): readonly (readonly string[])[] {
  const single = variables.map((name) => [name]);
  return variables.length > 1 ? [...single, [...variables]] : single;
}

/** Targets of two classes that are the point, and no protected variable: who predicts a group is not to be fair to it. */
export function listBinaryTargets(table: PredictionsTable, protectedNames: readonly string[]): string[] {
  return listClassTargets(table).filter(
    (target) => table.context.names?.[target]?.length === 2 && !protectedNames.includes(target),
  );
}

/** Reads people out of rows of a table. Throws HeldoutError on a variable that the table has not. */
export function takePeople(
  { logits, variables, context }: PredictionsTable,
  target: string,
  by: readonly string[],
  rows: readonly number[],
): People {
  const columns = by.map((name) => {
    const [column, levels] = [variables[name], context.names?.[name]];
    if (column !== undefined && levels !== undefined) return { column, levels };
    throw new HeldoutError({
      code: 'E_METRIC_PROTECTED',
      message: `there is no variable '${name}' that could be protected`,
      place: 'evaluation.protected',
      hints: [`the variables are ${Object.keys(variables).join(', ')}`],
    });
  });
  const [both, classes] = [logits![target]!, variables[target]!];
  const margin = Float64Array.from(rows, (row) => both[2 * row + 1]! - both[2 * row]!);
  return {
    groups: columns.reduce<readonly string[]>(
      (names, { levels }) =>
        names.flatMap((name) => levels.map((level) => (name === '' ? level : `${name}+${level}`))),
      [''],
    ),
    group: Uint16Array.from(rows, (row) =>
      columns.reduce((code, { column, levels }) => code * levels.length + column[row]!, 0),
    ),
    truth: Uint8Array.from(rows, (row) => classes[row]!),
    decision: Uint8Array.from(margin, (value) => (value > 0 ? 1 : 0)),
    score: margin.map((value) => 1 / (1 + Math.exp(-value))),
  };
}

/** Counts of the groups that have members, in the order of their levels. */
export function countPeople({ groups, truth, decision, group }: People): GroupCounts {
  const counts = countGroups(groups, truth, decision, group);
  return takeGroups(counts, listPresent(counts));
}

/** The people of every group of the given names, by their scores. */
export function scorePeople(people: People, names: readonly string[]): ScoredGroup[] {
  const members = new Map(names.map((name) => [name, [] as { score: number; truth: number }[]]));
  for (let person = 0; person < people.group.length; person++) {
    const own = members.get(people.groups[people.group[person]!]!);
    own?.push({ score: people.score[person]!, truth: people.truth[person]! });
  }
  return names.map((name) => orderScores(name, members.get(name)!));
}
