import type { Matrix } from '../probes/matrix.js';

/** A number for every row. */
export function scoreRows(
  { data, rows, columns }: Matrix,
  score: (row: Float32Array) => number,
): Float64Array {
  return Float64Array.from({ length: rows }, (_, at) =>
    score(data.subarray(at * columns, (at + 1) * columns)),
  );
}

/** The logarithm of the sum of exponentials, which does not overflow. */
export function logSumExp(row: ArrayLike<number>): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < row.length; at++) most = Math.max(most, row[at]!);
  let sum = 0;
  for (let at = 0; at < row.length; at++) sum += Math.exp(row[at]! - most);
  return most + Math.log(sum);
}
