import { addN, exp, eye, matMul, mul, sub, sum, type Tensor, tensor2d } from '@tensorflow/tfjs-core';
import { squaredDistances } from '../../../engine/ops/squared-distances.js';

/** The factors g of exp(−g d²) that DomainBed adds up for features. */
export const featureScales: readonly number[] = [1e-3, 1e-2, 1e-1, 1, 1e1, 1e2, 1e3];

/**
 * The squared maximum mean discrepancy (Gretton, Borgwardt, Rasch, Schölkopf & Smola, JMLR 2012, the biased estimate), mean
 * over all pairs of groups a and b of
 *
 *     k(a, a) + k(b, b) − 2 k(a, b),
 *
 * where k is the mean over all pairs of rows u and v, a row with itself included, of Σ_g exp(−g |u − v|²).
 * @param rows `[rows, width]`
 * @param shares `[groups, rows]`: 1 / size of the group where a row belongs to it, else 0. No gradient reaches them.
 */
export function kernelDistance(rows: Tensor, shares: Tensor, scales: readonly number[]): Tensor {
  const distances = squaredDistances(rows);
  const kernel = addN(scales.map((scale) => exp(mul(distances, -scale))));
  const between = matMul(matMul(shares, kernel), shares, false, true);
  const groups = shares.shape[0]!;
  // Every group has a part in groups − 1 of all pairs, and every pair stands in the matrix twice.
  const weights = sub(mul(eye(groups), 2 / (groups - 1)), 2 / (groups * (groups - 1)));
  return sum(mul(between, weights));
}

/** Shares `[groups, rows]` of equal blocks of rows. */
export function evenShares(groups: number, rows: number): Tensor {
  const size = rows / groups;
  const values = Array.from({ length: groups }, (_, group) =>
    Array.from({ length: rows }, (_, row) => (Math.floor(row / size) === group ? 1 / size : 0)),
  );
  return tensor2d(values, [groups, rows]);
}
