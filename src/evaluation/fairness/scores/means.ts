import { foldAround, type Interval } from '../intervals.js';
import { criticalValue } from '../normal-quantile.js';
import { momentsOf, type ScoredPair } from './group-scores.js';
import type { ScoreMeasure } from './score-definition.js';

type Class = 0 | 1 | undefined;

/** Interval of the mean score of group 1 minus that of group 0, of people of one true class or of all (Welch, normal). */
function boundDifference({ groups }: ScoredPair, of: Class, z: number): Interval | undefined {
  const [zero, one] = groups.map((group) => momentsOf(group, of));
  const half = z * Math.sqrt(one!.variance / one!.n + zero!.variance / zero!.n);
  const difference = one!.mean - zero!.mean;
  return Number.isFinite(half) ? { low: difference - half, high: difference + half } : undefined;
}

function differenceOf({ groups: [zero, one] }: ScoredPair, of: Class): number {
  return momentsOf(one, of).mean - momentsOf(zero, of).mean;
}

export const meanDifference: ScoreMeasure = {
  compute: (pair) => differenceOf(pair, undefined),
  bounds: (pair, level) => boundDifference(pair, undefined, criticalValue(level)),
  method: 'Welch, normal',
};

/** 100 times the sum, over true classes, of the absolute differences of mean scores. */
export function percentOfMeans(classes: readonly Class[]): ScoreMeasure {
  return {
    compute: (pair) => 100 * classes.reduce<number>((sum, of) => sum + Math.abs(differenceOf(pair, of)), 0),
    bounds(pair, level) {
      const z = criticalValue(level, classes.length);
      const found = classes.map((of) => boundDifference(pair, of, z));
      if (found.some((interval) => interval === undefined)) return undefined;
      const folded = found.map((interval) => foldAround(interval!));
      return {
        low: 100 * folded.reduce((sum, { low }) => sum + low, 0),
        high: 100 * folded.reduce((sum, { high }) => sum + high, 0),
      };
    },
    method: classes.length === 1 ? 'folded Welch, normal' : 'folded Welch, normal, for both classes at once',
  };
}

/** 100 times the smaller over the larger mean score; the delta method on the logarithm. */
export const percentRuleOfMeans: ScoreMeasure = {
  compute({ groups: [zero, one] }) {
    const [a, b] = [momentsOf(zero).mean, momentsOf(one).mean];
    return (100 * Math.min(a, b)) / Math.max(a, b);
  },
  bounds({ groups }, level) {
    const [zero, one] = groups.map((group) => momentsOf(group));
    const relative = ({ n, mean, variance }: NonNullable<typeof zero>) => variance / (n * mean * mean);
    const half = criticalValue(level) * Math.sqrt(relative(zero!) + relative(one!));
    const log = Math.log(one!.mean / zero!.mean);
    if (!Number.isFinite(half) || !Number.isFinite(log)) return undefined;
    const { low, high } = foldAround({ low: log - half, high: log + half });
    return { low: 100 * Math.exp(-high), high: 100 * Math.exp(-low) };
  },
  method: 'folded delta method on the logarithm',
};
