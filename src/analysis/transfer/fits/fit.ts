import { stream } from '../../../random/stream.js';
import type { TransferPair } from '../records.js';
import { bootstrap, type Interval } from '../statistics/bootstrap.js';
import { kendall, pearson, spearman } from '../statistics/correlation.js';
import { type Axis, clipAccuracy, fromAxis, toAxis } from './axis.js';

export interface FitOptions {
  /** Bootstrap draws; 0 for no intervals. */
  readonly draws?: number;
  readonly level?: number;
  readonly seed?: number;
}

/** The line of one pair on one scale: t(OOD accuracy) = intercept + slope · t(ID accuracy), by least squares. */
export interface PairFit {
  readonly axis: Axis;
  readonly n: number;
  readonly slope: number;
  readonly intercept: number;
  /** Share of the variance of t(OOD) that the line explains. */
  readonly r2: number;
  readonly pearson: number;
  readonly spearman: number;
  readonly kendall: number;
  /** Mean distance of OOD accuracy from what the line says, in accuracy points (hundredths). */
  readonly mae: number;
  /** Percentile intervals by drawing networks with replacement; undefined for fewer than four networks. */
  readonly intervals: {
    readonly slope: Interval | undefined;
    readonly intercept: Interval | undefined;
    readonly r2: Interval | undefined;
  };
  /**
   * Effective robustness (Taori et al. 2020), per record of the pair: OOD accuracy less what the line says at the network's
   * ID accuracy, as a share of 1.
   */
  readonly robustness: readonly number[];
}

const fewestForIntervals = 4;

/** Fits a pair on a scale. Numbers are NaN where ID accuracy does not vary. */
export function fitPair(pair: TransferPair, axis: Axis, options: FitOptions = {}): PairFit {
  const { draws = 1000, level = 0.95, seed = 0 } = options;
  const { records } = pair;
  const x = place(pair, axis, 'id');
  const y = place(pair, axis, 'ood');
  const { slope, intercept, r2 } = fitLine(x, y);
  const robustness = records.map(
    ({ oodMetrics }, at) => oodMetrics.accuracy! - fromAxis(axis, intercept + slope * x[at]!),
  );
  const source = stream(seed, 'transfer', 'fit', pair.task, pair.id, pair.ood);
  const fillLine = (counts: Float64Array, out: Float64Array) => {
    const line = fitLine(x, y, counts);
    out.set([line.slope, line.intercept, line.r2]);
  };
  const [ofSlope, ofIntercept, ofR2] =
    records.length < fewestForIntervals || draws === 0
      ? []
      : bootstrap(records.length, 3, fillLine, { draws, level, source });
  return {
    axis,
    n: records.length,
    slope,
    intercept,
    r2,
    pearson: pearson(x, y),
    spearman: spearman(x, y),
    kendall: kendall(x, y),
    mae: (100 * robustness.reduce((sum, value) => sum + Math.abs(value), 0)) / records.length,
    intervals: { slope: ofSlope, intercept: ofIntercept, r2: ofR2 },
    robustness,
  };
}

/** Accuracies of a pair on a scale, one per record. */
export function place({ records }: TransferPair, axis: Axis, side: 'id' | 'ood'): Float64Array {
  return Float64Array.from(records, ({ idMetrics, oodMetrics, idCount, oodCount }) =>
    side === 'id'
      ? toAxis(axis, clipAccuracy(idMetrics.accuracy!, idCount))
      : toAxis(axis, clipAccuracy(oodMetrics.accuracy!, oodCount)),
  );
}

export interface Line {
  readonly slope: number;
  readonly intercept: number;
  readonly r2: number;
}

/** Least squares of y on x, each point as often as `counts` says; NaN where x does not vary. */
export function fitLine(x: ArrayLike<number>, y: ArrayLike<number>, counts?: ArrayLike<number>): Line {
  let [n, meanX, meanY] = [0, 0, 0];
  for (let at = 0; at < x.length; at++) {
    const count = counts?.[at] ?? 1;
    n += count;
    meanX += count * x[at]!;
    meanY += count * y[at]!;
  }
  meanX /= n;
  meanY /= n;
  let [xx, xy, yy] = [0, 0, 0];
  for (let at = 0; at < x.length; at++) {
    const count = counts?.[at] ?? 1;
    const [a, b] = [x[at]! - meanX, y[at]! - meanY];
    xx += count * a * a;
    xy += count * a * b;
    yy += count * b * b;
  }
  // What rounding leaves of a constant is no variation.
  const slope = xx > 1e-24 * n * meanX * meanX ? xy / xx : Number.NaN;
  return { slope, intercept: meanY - slope * meanX, r2: yy > 0 ? (slope * xy) / yy : Number.NaN };
}
