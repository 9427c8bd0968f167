import { binScores } from './areas.js';
import { momentsOf, type ScoredPair, sumOfWeights } from './group-scores.js';
import type { ScoreMeasure } from './score-definition.js';

/** Length of MinDiff's kernels, its default. */
const length = 0.1;

/**
 * Squared maximum mean discrepancy of the groups' scores, without a root: mean kernel within group 1, within group 0,
 * minus twice that between them, everyone also paired with themselves. The kernel is exp(−(d / 0.1)²), of scores shared
 * out to the points of the grid.
 */
export function gaussianDiscrepancyOf({ groups, grid }: ScoredPair): number {
  const [zero, one] = groups.map((group) => binScores(group, grid));
  const difference = one!.map((mass, at) => mass - zero![at]!);
  const weights = Float64Array.from(difference, (_, at) => Math.exp(-((at / grid / length) ** 2)));
  let sum = 0;
  for (let i = 0; i <= grid; i++) {
    const own = difference[i]!;
    if (own === 0) continue;
    let row = own / 2;
    for (let j = i + 1; j <= grid; j++) row += difference[j]! * weights[j - i]!;
    sum += 2 * own * row;
  }
  // Rounding may leave less than nothing.
  return Math.max(0, sum);
}

/**
 * The same with the kernel exp(−|d| / 0.1), exactly: in the order of scores the sum over all that are lower shrinks by one
 * factor from each score to the next.
 */
export function laplacianDiscrepancyOf({ groups: [zero, one] }: ScoredPair): number {
  const [n0, n1] = [sumOfWeights(zero), sumOfWeights(one)];
  let [i, j, last, lower, sum] = [0, 0, 0, 0, 0];
  while (i < zero.scores.length || j < one.scores.length) {
    const ofOne = (one.scores[j] ?? 2) < (zero.scores[i] ?? 2);
    const score = ofOne ? one.scores[j]! : zero.scores[i]!;
    const own = ofOne ? one.weights[j++]! / n1 : -zero.weights[i++]! / n0;
    lower *= Math.exp((last - score) / length);
    sum += own * (2 * lower + own);
    lower += own;
    last = score;
  }
  return Math.max(0, sum);
}

/** |correlation| of score and membership. */
function correlation({ groups }: ScoredPair): number {
  const [zero, one] = groups.map((group) => momentsOf(group));
  const [n0, n1] = groups.map(sumOfWeights) as [number, number];
  const n = n0 + n1;
  const mean = (n0 * zero!.mean + n1 * one!.mean) / n;
  const within = (n0 - 1) * zero!.variance + (n1 - 1) * one!.variance;
  const between = n0 * (zero!.mean - mean) ** 2 + n1 * (one!.mean - mean) ** 2;
  return Math.sqrt(between / (within + between));
}

const noBounds = { bounds: () => undefined, method: 'none: draws only' } as const;

export const gaussianDiscrepancy: ScoreMeasure = {
  compute: gaussianDiscrepancyOf,
  ...noBounds,
};

export const laplacianDiscrepancy: ScoreMeasure = {
  compute: laplacianDiscrepancyOf,
  ...noBounds,
};

export const absoluteCorrelation: ScoreMeasure = { compute: correlation, ...noBounds };
