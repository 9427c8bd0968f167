import type { Grouper } from './grouper.js';
import type { WildsMetric } from './metrics.js';

/** Numbers by the keys that WILDS gives them. */
export type WildsResults = Readonly<Record<string, number>>;

export interface Answers {
  /** Class indices, or numbers. */
  readonly predicted: ArrayLike<number>;
  readonly actual: ArrayLike<number>;
}

/** `acc_avg`, or `F1-macro_all`; 0 where there is no row. */
export function evaluateAll(metric: WildsMetric, { predicted, actual }: Answers): WildsResults {
  const key = `${metric.name}_${metric.elementwise ? 'avg' : 'all'}`;
  return { [key]: actual.length === 0 ? 0 : metric.compute(predicted, actual) };
}

/**
 * `acc_group:0`, `count_group:0` and so on, and `acc_wg`, the worst of the groups that have a row; of a group without
 * rows the value is 0.
 */
export function evaluateByGroup(
  metric: WildsMetric,
  answers: Answers,
  { groups, count }: Grouper,
): WildsResults {
  const { values, counts } = scoreGroups(metric, answers, groups, count);
  const results: Record<string, number> = {};
  for (let group = 0; group < count; group++) {
    results[`${metric.name}_group:${group}`] = values[group]!;
    results[`count_group:${group}`] = counts[group]!;
  }
  return { ...results, [`${metric.name}_wg`]: findWorst(metric, values, counts) };
}

/**
 * What `dataset.eval` of WILDS returns: all rows (`acc_avg`), each group by its name (`acc_y:1_place:water`,
 * `count_y:1_place:water`) and the worst group (`acc_wg`).
 */
export function evaluateByName(metric: WildsMetric, answers: Answers, grouper: Grouper): WildsResults {
  const { values, counts } = scoreGroups(metric, answers, grouper.groups, grouper.count);
  const results: Record<string, number> = { ...evaluateAll(metric, answers) };
  for (let group = 0; group < grouper.count; group++) {
    const key = grouper.keyGroup(group);
    results[`${metric.name}_${key}`] = values[group]!;
    results[`count_${key}`] = counts[group]!;
  }
  return { ...results, [`${metric.name}_wg`]: findWorst(metric, values, counts) };
}

function scoreGroups(
  metric: WildsMetric,
  { predicted, actual }: Answers,
  groups: ArrayLike<number>,
  count: number,
): { readonly values: readonly number[]; readonly counts: readonly number[] } {
  const rows = Array.from({ length: count }, (): number[] => []);
  for (let row = 0; row < actual.length; row++) rows[groups[row]!]!.push(row);
  const values = rows.map((own) =>
    own.length === 0
      ? 0
      : metric.compute(
          own.map((row) => predicted[row]!),
          own.map((row) => actual[row]!),
        ),
  );
  return { values, counts: rows.map(({ length }) => length) };
}

function findWorst({ loss }: WildsMetric, values: readonly number[], counts: readonly number[]): number {
  const present = values.filter((_, group) => counts[group]! > 0);
  if (present.length === 0) return 0;
  return loss ? Math.max(...present) : Math.min(...present);
}
