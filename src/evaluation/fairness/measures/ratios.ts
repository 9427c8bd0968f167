import { foldAround, katz } from '../intervals.js';
import { criticalValue } from '../normal-quantile.js';
import { countProportion, type ProportionName, type Rates } from '../rates.js';
import type { Measure } from './measure.js';
import { overPairs, type PairValues } from './pairs.js';

/** Rate of group 0 over that of group 1, which may exceed 1. */
export function ratioOf(name: ProportionName): Measure {
  return {
    compute: ({ of }) => of[name][0]! / of[name][1]!,
    bounds(rates, level) {
      const found = katz(
        countProportion(rates, name, 0),
        countProportion(rates, name, 1),
        criticalValue(level),
      );
      return found && { low: Math.exp(found.low), high: Math.exp(found.high) };
    },
    method: 'delta method on the logarithm (Katz)',
    uses: [name],
  };
}

/** What stands for the ratio of two rates where one of them is 0: its own division, or what a peer has instead. */
type SmallerOverLarger = (a: number, b: number) => number;

export const divide: SmallerOverLarger = (a, b) => Math.min(a, b) / Math.max(a, b);

/**
 * A function of the pairs' ratios, smaller over larger and so from 0 to 1, that no larger ratio makes smaller. Its
 * interval is that of `gapsOf`, with distances of logarithms for differences.
 */
export function ratiosOf(
  names: readonly ProportionName[],
  combine: (ratios: PairValues) => number,
  { filled = false, ratio = divide }: { readonly filled?: boolean; readonly ratio?: SmallerOverLarger } = {},
): Measure {
  return overPairs(names, combine, {
    compare: ratio,
    boundsOf(one, other, z) {
      const found = katz(one, other, z);
      if (found === undefined) return undefined;
      const distance = foldAround(found);
      return { low: Math.exp(-distance.high), high: Math.exp(-distance.low) };
    },
    method: 'folded Katz, at once for all pairs and rates (Bonferroni)',
    filled,
  });
}

/** Interval of the rate of each group over that of everyone, all at once; undefined where one has none. */
export function boundRatiosToAll(
  rates: Rates,
  name: ProportionName,
  level: number,
): readonly { readonly low: number; readonly high: number }[] | undefined {
  const { groups } = rates;
  const [xAll, nAll] = countProportion(rates, name, groups);
  // Of two groups, one's distance from everyone decides the other's.
  const z = criticalValue(level, groups === 2 ? 1 : groups);
  const found = Array.from({ length: groups }, (_, group) => {
    const [x, n] = countProportion(rates, name, group);
    const toRest = katz([x, n], [xAll - x, nAll - n], z);
    if (toRest === undefined) return [];
    // Everyone's rate is the mean of the group's and the rest's, weighted by how many stand below the line.
    const toAll = (log: number) => 1 / (n / nAll + (1 - n / nAll) / Math.exp(log));
    return [{ low: toAll(toRest.low), high: toAll(toRest.high) }];
  }).flat();
  return found.length === groups ? found : undefined;
}
