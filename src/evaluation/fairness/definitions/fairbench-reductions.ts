import { gapsOf } from '../measures/gaps.js';
import type { Measure } from '../measures/measure.js';
import { ratiosOf } from '../measures/ratios.js';
import {
  deviationOf,
  geometricMeanOf,
  largestOf,
  meanOf,
  type Reduce,
  smallestOf,
} from '../measures/reduce.js';
import { valuesOf } from '../measures/values.js';
import type { ProportionName } from '../rates.js';
import type { Direction } from './definition.js';

/** Distance from 1, of the group that is farthest. */
const farthest: Reduce = (values, count = values.length) => {
  let most = 0;
  for (let at = 0; at < count; at++) most = Math.max(most, Math.abs(1 - values[at]!));
  return most;
};
const spread: Reduce = (values, count) => largestOf(values, count) - smallestOf(values, count);
/** A group whose value is 0 is left out of relative differences. */
export const relative = (a: number, b: number) =>
  a === 0 || b === 0 ? 0 : Math.abs(1 - Math.min(a, b) / Math.max(a, b));
const overPairs =
  (compare: (a: number, b: number) => number, put: (all: number, one: number) => number): Reduce =>
  (values, count = values.length) => {
    let all = 0;
    for (let i = 0; i < count; i++) {
      for (let j = i + 1; j < count; j++) all = put(all, compare(values[i]!, values[j]!));
    }
    return all;
  };
const differences = overPairs(
  (a, b) => Math.abs(a - b),
  (all, one) => all + one,
);
const gini: Reduce = (values, count = values.length) => {
  const centre = meanOf(values, count);
  // Every pair counts in either order.
  return centre === 0 ? 0 : differences(values, count) / (count * count * centre);
};

/** How FairBench makes one number of the groups' values. */
export interface Reduction {
  readonly name: string;
  readonly words: string;
  readonly reduce: Reduce;
  readonly direction: Direction;
  /** With its analytic interval, where a proportion has one. */
  readonly measure?: (rate: ProportionName) => Measure;
}

export const reductions: readonly Reduction[] = [
  {
    name: 'min',
    words: 'smallest',
    reduce: smallestOf,
    direction: 'higher',
    measure: (rate) => valuesOf(rate, 'rising', smallestOf),
  },
  {
    name: 'max',
    words: 'largest',
    reduce: largestOf,
    direction: 'level',
    measure: (rate) => valuesOf(rate, 'rising', largestOf),
  },
  {
    name: 'mean',
    words: 'mean',
    reduce: meanOf,
    direction: 'level',
    measure: (rate) => valuesOf(rate, 'rising', meanOf),
  },
  {
    name: 'gm',
    words: 'geometric mean',
    reduce: geometricMeanOf,
    direction: 'level',
    measure: (rate) => valuesOf(rate, 'rising', geometricMeanOf),
  },
  {
    name: 'maxerror',
    words: 'largest distance from 1',
    reduce: farthest,
    direction: 'lower',
    measure: (rate) => valuesOf(rate, 'falling', farthest),
  },
  {
    name: 'maxdiff',
    words: 'largest difference',
    reduce: spread,
    direction: 'gap',
    measure: (rate) => gapsOf([rate], ([gaps]) => largestOf(gaps!), { filled: true }),
  },
  {
    name: 'maxrel',
    words: 'largest relative difference (1 minus smaller over larger; 0 where one is 0)',
    reduce: overPairs(relative, Math.max),
    direction: 'gap',
    measure: (rate) => fallingRatio(rate),
  },
  { name: 'gini', words: 'Gini coefficient', reduce: gini, direction: 'gap' },
  { name: 'std', words: 'standard deviation (of the population)', reduce: deviationOf, direction: 'gap' },
  {
    name: 'stdx2',
    words: '2 times the standard deviation (of the population)',
    reduce: (values, count) => 2 * deviationOf(values, count),
    direction: 'gap',
  },
];

/** 1 minus the smallest ratio: its interval is that of the ratio, turned round. */
function fallingRatio(rate: ProportionName): Measure {
  const ratio = ratiosOf([rate], ([ratios]) => smallestOf(ratios!), {
    filled: true,
    ratio: (a, b) => 1 - relative(a, b),
  });
  return {
    ...ratio,
    compute: (rates) => 1 - ratio.compute(rates),
    bounds(rates, level) {
      const found = ratio.bounds(rates, level);
      return found && { low: 1 - found.high, high: 1 - found.low };
    },
  };
}
