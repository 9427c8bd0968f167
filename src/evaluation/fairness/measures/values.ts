import { type Interval, wilson } from '../intervals.js';
import { criticalValue } from '../normal-quantile.js';
import { countProportion, type ProportionName } from '../rates.js';
import type { Measure } from './measure.js';
import type { Reduce } from './reduce.js';

/**
 * A function of the groups' rates themselves that is monotone in each in the same `sense`, with 0 for rates of nobody:
 * between its values at the ends of Wilson intervals that hold all at once.
 */
export function valuesOf(name: ProportionName, sense: 'rising' | 'falling', combine: Reduce): Measure {
  return {
    compute: ({ groups, filled }) => combine(filled[name], groups),
    bounds(rates, level) {
      const z = criticalValue(level, rates.groups);
      const found: Interval[] = [];
      for (let group = 0; group < rates.groups; group++) {
        const interval = wilson(...countProportion(rates, name, group), z);
        if (interval === undefined) return undefined;
        found.push(interval);
      }
      const [first, second] = [
        combine(Float64Array.from(found, ({ low }) => low)),
        combine(Float64Array.from(found, ({ high }) => high)),
      ];
      return sense === 'rising' ? { low: first, high: second } : { low: second, high: first };
    },
    method: 'Wilson, at once for all groups (Bonferroni)',
    uses: [name],
  };
}

/** The rate of one group, with Wilson's interval. */
export function rateOfGroup(name: ProportionName, group: number): Measure {
  return {
    compute: ({ of }) => of[name][group]!,
    bounds: (rates, level) => wilson(...countProportion(rates, name, group), criticalValue(level)),
    method: 'Wilson',
    uses: [name],
  };
}
