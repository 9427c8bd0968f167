import { momentsOf, type ScoredGroup, type ScoredPair, sumOfWeights } from './group-scores.js';
import type { ScoreMeasure } from './score-definition.js';

/** Area between the groups' cumulative distributions of scores on [0, 1], exactly; it is their Wasserstein-1 distance. */
export function areaBetweenCumulative({ groups: [zero, one] }: ScoredPair): number {
  const [n0, n1] = [sumOfWeights(zero), sumOfWeights(one)];
  let [i, j] = [0, 0];
  let [below0, below1] = [0, 0];
  let [area, last] = [0, 0];
  while (i < zero.scores.length || j < one.scores.length) {
    const next = Math.min(zero.scores[i] ?? 1, one.scores[j] ?? 1);
    area += (next - last) * Math.abs(below0 / n0 - below1 / n1);
    last = next;
    while (i < zero.scores.length && zero.scores[i]! <= next) below0 += zero.weights[i++]!;
    while (j < one.scores.length && one.scores[j]! <= next) below1 += one.weights[j++]!;
  }
  return area;
}

/** Mass of a group on the points 0, 1/steps, .., 1: what lies between two is shared out to them. */
export function binScores({ scores, weights }: ScoredGroup, steps: number): Float64Array {
  const mass = new Float64Array(steps + 1);
  let total = 0;
  for (let at = 0; at < scores.length; at++) {
    const weight = weights[at]!;
    if (weight === 0) continue;
    const place = scores[at]! * steps;
    const low = Math.min(steps - 1, Math.floor(place));
    mass[low]! += weight * (1 - (place - low));
    mass[low + 1]! += weight * (place - low);
    total += weight;
  }
  for (let at = 0; at <= steps; at++) mass[at]! /= total;
  return mass;
}

/** Normal density of deviation 1 beyond which nothing is added. */
const reach = 6;

/** Gaussian kernel density on the grid, with Scott's bandwidth: deviation times n^(−1/5). NaN where all scores are equal. */
export function densityOf(group: ScoredGroup, steps: number): Float64Array {
  const { n, variance } = momentsOf(group);
  const width = Math.sqrt(variance) * n ** (-1 / 5) * steps;
  const density = new Float64Array(steps + 1);
  if (!(width > 0)) return density.fill(Number.NaN);
  const mass = binScores(group, steps);
  const taps = Math.min(steps, Math.ceil(reach * width));
  const kernel = Float64Array.from(
    { length: taps + 1 },
    (_, at) => (steps * Math.exp(-0.5 * (at / width) ** 2)) / (width * Math.sqrt(2 * Math.PI)),
  );
  for (let from = 0; from <= steps; from++) {
    const own = mass[from]!;
    if (own === 0) continue;
    const last = Math.min(steps, from + taps);
    for (let to = Math.max(0, from - taps); to <= last; to++) {
      density[to]! += own * kernel[Math.abs(to - from)]!;
    }
  }
  return density;
}

/** Area between the groups' kernel densities on [0, 1], by trapezia; what smoothing moves beyond the ends is cut off. */
export function areaBetweenDensities({ groups, grid }: ScoredPair): number {
  const [zero, one] = groups.map((group) => densityOf(group, grid));
  let area = 0;
  for (let at = 0; at <= grid; at++) {
    area += Math.abs(one![at]! - zero![at]!) * (at === 0 || at === grid ? 0.5 : 1);
  }
  return area / grid;
}

const noBounds = { bounds: () => undefined, method: 'none: draws only' } as const;

export const cumulativeArea: ScoreMeasure = {
  compute: (pair) => 100 * areaBetweenCumulative(pair),
  ...noBounds,
};

export const densityArea: ScoreMeasure = {
  compute: (pair) => 100 * areaBetweenDensities(pair),
  ...noBounds,
};
