import { foldAround, newcombe } from '../intervals.js';
import { criticalValue } from '../normal-quantile.js';
import { countProportion, type ProportionName, type RateName } from '../rates.js';
import type { Measure } from './measure.js';
import { boundRatiosToAll } from './ratios.js';
import { type Reduce, smallestOf } from './reduce.js';

/**
 * A function of the groups' absolute distances from the rate of everyone that no larger distance makes smaller. A group
 * is part of everyone: its distance is its share of the others, of those below the line, times the difference from them.
 */
export function distancesToAll(
  names: readonly ProportionName[],
  combine: Reduce,
  { filled = false }: { readonly filled?: boolean } = {},
): Measure {
  let distances = new Float64Array(0);
  return {
    compute(rates) {
      const { groups } = rates;
      const columns = filled ? rates.filled : rates.of;
      if (distances.length !== groups * names.length) distances = new Float64Array(groups * names.length);
      for (let at = 0; at < names.length; at++) {
        const column = columns[names[at]!];
        for (let group = 0; group < groups; group++) {
          distances[at * groups + group] = Math.abs(column[group]! - column[groups]!);
        }
      }
      return combine(distances);
    },
    bounds(rates, level) {
      const { groups } = rates;
      const z = criticalValue(level, (groups === 2 ? 1 : groups) * names.length);
      const found = names.flatMap((name) => {
        const [xAll, nAll] = countProportion(rates, name, groups);
        return Array.from({ length: groups }, (_, group) => {
          const [x, n] = countProportion(rates, name, group);
          const interval = newcombe([x, n], [xAll - x, nAll - n], z);
          return interval === undefined ? [] : [{ ...foldAround(interval), others: 1 - n / nAll }];
        }).flat();
      });
      if (found.length < groups * names.length) return undefined;
      return {
        low: combine(Float64Array.from(found, ({ low, others }) => others * low)),
        high: combine(Float64Array.from(found, ({ high, others }) => others * high)),
      };
    },
    method: 'folded Newcombe of each group and all others, at once for all groups (Bonferroni)',
    uses: names,
  };
}

/** How far a group's rate is from everyone's, for fairret: |rate / rate of everyone − 1|, put together over the groups. */
export function violationsOf(name: RateName, combine: Reduce): Measure {
  const isProportion = name !== 'f1' && name !== 'mcc' && name !== 'error_ratio';
  return {
    compute: relateWith(name, (ratio) => Math.abs(ratio - 1), combine),
    bounds(rates, level) {
      const found = isProportion ? boundRatiosToAll(rates, name, level) : undefined;
      const folded = found?.map((interval) => foldAround(interval, 1));
      return (
        folded && {
          low: combine(Float64Array.from(folded, ({ low }) => low)),
          high: combine(Float64Array.from(folded, ({ high }) => high)),
        }
      );
    },
    method: isProportion
      ? 'folded Katz of each group and all others, at once for all groups (Bonferroni)'
      : 'none: not a proportion',
    uses: [name],
  };
}

/** The smallest over groups of rate and everyone's rate, smaller over larger. */
export function smallestRatioToAll(name: ProportionName): Measure {
  const toShare = (ratio: number) => Math.min(ratio, 1 / ratio);
  return {
    compute: relateWith(name, toShare, smallestOf),
    bounds(rates, level) {
      const found = boundRatiosToAll(rates, name, level);
      const ends = found?.map(({ low, high }) => ({
        low: Math.min(toShare(low), toShare(high)),
        high: low <= 1 && high >= 1 ? 1 : Math.max(toShare(low), toShare(high)),
      }));
      return (
        ends && {
          low: Math.min(...ends.map(({ low }) => low)),
          high: Math.min(...ends.map(({ high }) => high)),
        }
      );
    },
    method: 'folded Katz of each group and all others, at once for all groups (Bonferroni)',
    uses: [name],
  };
}

/** Puts together, over groups, what is made of the ratio of a group's rate and everyone's. */
function relateWith(name: RateName, then: (ratio: number) => number, combine: Reduce): Measure['compute'] {
  let found = new Float64Array(0);
  return ({ groups, of }) => {
    const column = of[name];
    if (found.length !== groups) found = new Float64Array(groups);
    for (let group = 0; group < groups; group++) found[group] = then(column[group]! / column[groups]!);
    return combine(found);
  };
}
