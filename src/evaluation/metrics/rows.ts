import type { PredictionsTable, RecordRow } from '../predictions.js';

/** Row numbers of every set, in the order of their first rows. */
export function listSets({ set }: PredictionsTable): ReadonlyMap<string, readonly number[]> {
  const sets = new Map<string, number[]>();
  for (const [row, name] of set.entries()) {
    const known = sets.get(name);
    if (known === undefined) sets.set(name, [row]);
    else known.push(row);
  }
  return sets;
}

/** What a metric is of some rows and one categorical target. */
export type ClassScore = (target: string, rows: readonly number[]) => number;

/** Targets with classes; those alone that are the point, unless all are wanted. */
export function listClassTargets({ logits = {}, context }: PredictionsTable, all = false): readonly string[] {
  return Object.keys(logits).filter((name) => all || !context.beside?.includes(name));
}

/**
 * Rows of a metric of targets with classes, per set: `{}`, the mean over the targets but those that are beside the point,
 * and `{target: t}`. None where no target has classes.
 */
export function scoreClasses(table: PredictionsTable, metric: string, score: ClassScore): RecordRow[] {
  const targets = listClassTargets(table, true);
  if (targets.length === 0) return [];
  const counted = listClassTargets(table).map((target) => targets.indexOf(target));
  return [...listSets(table)].flatMap(([set, rows]) => {
    const values = targets.map((target) => score(target, rows));
    const make = (group: RecordRow['group'], value: number): RecordRow => ({
      set,
      metric,
      group,
      value,
      n: rows.length,
    });
    const overall = mean(counted.map((at) => values[at]!));
    return [make({}, overall), ...targets.map((target, at) => make({ target }, values[at]!))];
  });
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The row's logits of a target, and its true class. */
export interface Answer {
  readonly logits: Float32Array;
  readonly truth: number;
}

export function answerOf(
  { logits, context, variables }: PredictionsTable,
  target: string,
  row: number,
): Answer {
  const classes = context.names![target]!.length;
  return {
    logits: logits![target]!.subarray(row * classes, (row + 1) * classes),
    truth: variables[target]![row]!,
  };
}

/** Numbers of one row, a class each. */
export type ClassNumbers = Float32Array | Float64Array;

/** The class with the largest logit; of equal ones the first. */
export function largest(logits: ClassNumbers): number {
  let best = 0;
  for (let at = 1; at < logits.length; at++) if (logits[at]! > logits[best]!) best = at;
  return best;
}

/** Logarithm of the sum of the exponentials, in double precision. */
export function logSumExp(logits: ClassNumbers): number {
  const most = logits[largest(logits)]!;
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - most);
  return most + Math.log(sum);
}
