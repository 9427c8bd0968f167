import type { Stream } from '../../random/stream.js';
import { type Density, estimateDensity, type Points } from './density.js';

/** Features and classes of examples of one side; both sides have as many of each class. */
export interface Side {
  readonly features: Points;
  readonly labels: ArrayLike<number>;
}

/** Densities of both sides at points that were drawn from all features. */
export interface Densities {
  /** Of the distribution that the points are drawn from. */
  readonly drawn: Float64Array;
  readonly p: Float64Array;
  readonly q: Float64Array;
  /** Of the examples of each class, with their share among all. */
  readonly classes: readonly { readonly share: number; readonly p: Float64Array; readonly q: Float64Array }[];
  /** Classes that are left out: they have too few examples. */
  readonly skipped: readonly number[];
}

export interface Thresholds {
  /** A density below it is none: where only one side is, diversity is counted. */
  readonly diversity: number;
  /** Where both sides are denser than it, correlations are compared. */
  readonly correlation: number;
}

/** As OoD-Bench's scripts have them. */
export const usualThresholds: Thresholds = { diversity: 1e-12, correlation: 5e-4 };

export interface Shift {
  readonly diversity: number;
  readonly correlation: number;
}

/**
 * Kernel density estimates of both sides and of their classes, of features with mean 0 and variance 1 over both.
 * @param count Of the points of the integrals, drawn from the estimate of both sides together.
 */
export function estimateDensities(p: Side, q: Side, source: Stream, count: number): Densities {
  const [own, other] = standardise(p.features, q.features);
  const both = estimateDensity({ data: join(own.data, other.data), width: own.width });
  return densitiesAt({ ...p, features: own }, { ...q, features: other }, both, both.draw(source, count));
}

/** The same at given points. */
export function densitiesAt(p: Side, q: Side, both: Density, points: Points): Densities {
  const names = [...new Set(Array.from(p.labels))].sort((a, b) => a - b);
  const skipped: number[] = [];
  const found = names.flatMap((label) => {
    try {
      const [own, other] = [takeClass(p, label), takeClass(q, label)];
      const count = own.data.length / own.width;
      return [{ count, p: estimateDensity(own).at(points), q: estimateDensity(other).at(points) }];
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      skipped.push(label);
      return [];
    }
  });
  const total = found.reduce((sum, { count }) => sum + count, 0);
  return {
    drawn: both.at(points),
    p: estimateDensity(p.features).at(points),
    q: estimateDensity(q.features).at(points),
    classes: found.map(({ count, ...densities }) => ({ share: count / total, ...densities })),
    skipped,
  };
}

/**
 * Diversity and correlation shift (Ye, Li, Bai, Yu, Hong, Zhou, Li & Zhu, OoD-Bench: Quantifying and Understanding Two
 * Dimensions of Out-of-Distribution Generalization, CVPR 2022, definition 1), each 0 to 1: ½ ∫ |p − q| where only one side
 * has a density, and ½ ∫ √(p q) Σ_y |p(y|z) − q(y|z)| where both have, by importance sampling. Classes are as frequent on
 * either side, so that p(y|z) √(p q) = p(y) p(z|y) √(q/p).
 */
export function measureShift({ drawn, p, q, classes }: Densities, thresholds = usualThresholds): Shift {
  let [diversity, correlation] = [0, 0];
  for (const [at, own] of p.entries()) {
    const other = q[at]!;
    if (own < thresholds.diversity || other < thresholds.diversity)
      diversity += Math.abs(own - other) / drawn[at]!;
    if (own > thresholds.correlation && other > thresholds.correlation) {
      const ratio = Math.sqrt(other / own);
      for (const one of classes)
        correlation += (one.share * Math.abs(one.p[at]! * ratio - one.q[at]! / ratio)) / drawn[at]!;
    }
  }
  return { diversity: diversity / (2 * p.length), correlation: correlation / (2 * p.length) };
}

/**
 * Thresholds at which both shifts are near to zero, 0.005 to 0.01, of two sides that are distributed alike, as OoD-Bench
 * looks for them: by 20 bisections of diversity's in 0 to 1e-6 and of correlation's in 0 to 1.
 */
export function calibrate(alike: Densities): Thresholds {
  const bisect = (most: number, rises: boolean, measure: (threshold: number) => number): number => {
    let [low, high] = [0, most];
    let middle = most / 2;
    for (let turn = 0; turn < 20; turn++) {
      middle = (low + high) / 2;
      const found = measure(middle);
      if (found >= 5e-3 && found <= 1e-2) break;
      if (found < 5e-3 === rises) low = middle;
      else high = middle;
    }
    return middle;
  };
  const { diversity, correlation } = usualThresholds;
  return {
    diversity: bisect(1e-6, true, (own) => measureShift(alike, { diversity: own, correlation }).diversity),
    correlation: bisect(1, false, (own) => measureShift(alike, { diversity, correlation: own }).correlation),
  };
}

function takeClass({ features: { data, width }, labels }: Side, label: number): Points {
  const rows = Array.from(labels).flatMap((own, row) => (own === label ? [row] : []));
  const taken = new Float64Array(rows.length * width);
  for (const [at, row] of rows.entries())
    taken.set(data.subarray(row * width, (row + 1) * width), at * width);
  return { data: taken, width };
}

/** Of mean 0 and variance 1 in every column, over both together. */
export function standardise(p: Points, q: Points): readonly [Points, Points] {
  const { width } = p;
  const all = join(p.data, q.data);
  const n = all.length / width;
  const [means, squares] = [new Float64Array(width), new Float64Array(width)];
  for (const [at, value] of all.entries()) means[at % width]! += value / n;
  for (const [at, value] of all.entries()) squares[at % width]! += (value - means[at % width]!) ** 2 / n;
  const scale = (points: Points): Points => ({
    width,
    data: points.data.map((value, at) => (value - means[at % width]!) / Math.sqrt(squares[at % width]! || 1)),
  });
  return [scale(p), scale(q)];
}

function join(one: Float64Array, other: Float64Array): Float64Array {
  const all = new Float64Array(one.length + other.length);
  all.set(one);
  all.set(other, one.length);
  return all;
}
