import { combineTerms, type Term, wilson } from '../intervals.js';
import { criticalValue } from '../normal-quantile.js';
import { countProportion, type ProportionName } from '../rates.js';
import type { Measure } from './measure.js';

interface Summand {
  readonly rate: ProportionName;
  readonly group: 0 | 1;
  readonly weight: number;
}

/**
 * A weighted sum of proportions of groups 0 and 1, no two of which are of the same people: signed differences and
 * averages of them.
 */
export function sumOf(summands: readonly Summand[]): Measure {
  return {
    compute: ({ of }) =>
      summands.reduce((sum, { rate, group, weight }) => sum + weight * of[rate][group]!, 0),
    bounds(rates, level) {
      const z = criticalValue(level);
      const terms = summands.flatMap(({ rate, group, weight }): Term[] => {
        const [x, n] = countProportion(rates, rate, group);
        const interval = wilson(x, n, z);
        return interval === undefined ? [] : [{ weight, estimate: x / n, ...interval }];
      });
      return terms.length === summands.length ? combineTerms(terms) : undefined;
    },
    method: summands.length === 2 ? 'Newcombe' : 'Wilson intervals combined (MOVER)',
    uses: [...new Set(summands.map(({ rate }) => rate))],
  };
}

/** Rate of one group minus that of the other: of group 1 minus group 0, or reversed. */
export function differenceOf(rate: ProportionName, order: 'forward' | 'reversed' = 'forward'): Measure {
  return averageDifference([rate], order);
}

/** The mean of such differences of several rates. */
export function averageDifference(
  rates: readonly ProportionName[],
  order: 'forward' | 'reversed' = 'forward',
): Measure {
  const weight = (order === 'forward' ? 1 : -1) / rates.length;
  return sumOf(
    rates.flatMap((rate) => [
      { rate, group: 1, weight },
      { rate, group: 0, weight: -weight },
    ]),
  );
}
