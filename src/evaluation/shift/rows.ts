import type { RecordRow } from '../predictions.js';

/** How far the examples of a set are from those of another one: groups are `{from: the other set}`. */
export const shiftMetrics = {
  diversity: 'diversity_shift',
  correlation: 'correlation_shift',
  /** Share of held-out examples whose side the classifier tells that features are from, by which these are to be judged. */
  accuracy: 'side_accuracy',
} as const;

/** @param n Examples, of both sets, whose features were looked at. */
export function shiftRows(
  set: string,
  from: string,
  found: Readonly<Record<keyof typeof shiftMetrics, number>>,
  n: number,
): RecordRow[] {
  return Object.entries(shiftMetrics).map(([key, metric]) => ({
    ...{ set, metric, group: { from }, value: found[key as keyof typeof shiftMetrics], n },
  }));
}

/** Whether a row is of a shift, which needs the inputs of examples. */
export function isShiftRow({ metric }: RecordRow): boolean {
  return Object.values(shiftMetrics).some((name) => name === metric);
}
