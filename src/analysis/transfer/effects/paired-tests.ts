import { rank } from '../statistics/correlation.js';
import { twoSidedFairCoin, twoSidedNormal } from '../statistics/tails.js';

export interface PairedTests {
  /** Differences other than 0, and how many are above it. */
  readonly nonzero: number;
  readonly positive: number;
  /** Two-sided exact p of the sign test. */
  readonly sign: number;
  /** Two-sided p of Wilcoxon's signed-rank test (1945), exact up to 200 differences, ties included. */
  readonly wilcoxon: number;
}

const mostExact = 200;

/** Differences of 0 are left out of both tests, as Wilcoxon had it; p is 1 where nothing is left. */
export function testDifferences(differences: readonly number[]): PairedTests {
  const nonzero = differences.filter((value) => value !== 0);
  const positive = nonzero.filter((value) => value > 0).length;
  return {
    nonzero: nonzero.length,
    positive,
    sign: nonzero.length === 0 ? 1 : twoSidedFairCoin(positive, nonzero.length),
    wilcoxon: nonzero.length === 0 ? 1 : signedRank(nonzero),
  };
}

function signedRank(differences: readonly number[]): number {
  // Differences that should be alike differ by rounding: compare them in twelve digits.
  const ranks = rank(differences.map((value) => Number(Math.abs(value).toPrecision(12))));
  let above = 0;
  for (const [at, value] of differences.entries()) if (value > 0) above += ranks[at]!;
  return ranks.length <= mostExact ? exactTail(ranks, above) : normalTail(ranks, above);
}

/** Ranks are whole or half: twice their sums are counted over all assignments of signs. */
function exactTail(ranks: Float64Array, above: number): number {
  const total = ranks.reduce((sum, value) => sum + 2 * value, 0);
  const shares = new Float64Array(total + 1);
  shares[0] = 1;
  let reached = 0;
  for (const own of ranks) {
    const step = 2 * own;
    reached += step;
    for (let sum = reached; sum >= 0; sum--)
      shares[sum] = 0.5 * (shares[sum]! + (sum >= step ? shares[sum - step]! : 0));
  }
  const extreme = Math.min(2 * above, total - 2 * above);
  let tail = 0;
  for (let sum = 0; sum <= extreme; sum++) tail += shares[sum]!;
  return Math.min(1, 2 * tail);
}

function normalTail(ranks: Float64Array, above: number): number {
  // The variance of the sum of randomly signed ranks, ties included.
  const variance = ranks.reduce((sum, value) => sum + value * value, 0) / 4;
  const mean = ranks.reduce((sum, value) => sum + value, 0) / 2;
  return twoSidedNormal(Math.max(0, Math.abs(above - mean) - 0.5) / Math.sqrt(variance));
}
