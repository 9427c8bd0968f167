import type { Interval } from '../intervals.js';
import { criticalValue } from '../normal-quantile.js';
import { countProportion, type ProportionName, type Rates } from '../rates.js';
import type { Measure } from './measure.js';

/** A number of each rate for each pair of groups, pairs in one order for all rates. */
export type PairValues = readonly Float64Array[];

/** What is made of the rates of two groups. */
export interface PairLaw {
  compare(a: number, b: number): number;
  /** Where it lies, for positives and people of one group and of the other; undefined where nothing is known. */
  boundsOf(one: readonly [number, number], other: readonly [number, number], z: number): Interval | undefined;
  readonly method: string;
  /** Whether a group without people below the line has the rate 0, as in OxonFair and FairBench. */
  readonly filled: boolean;
}

/**
 * A function of the values of all pairs that no larger value makes smaller: then it lies between what it is at the lower
 * and at the upper ends of intervals of the values that hold all at once.
 */
export function overPairs(
  names: readonly ProportionName[],
  combine: (values: PairValues) => number,
  { compare, boundsOf, method, filled }: PairLaw,
): Measure {
  const take = createScratch(names.length);
  return {
    compute(rates) {
      const columns = filled ? rates.filled : rates.of;
      const values = take(rates);
      for (let at = 0; at < names.length; at++) {
        const column = columns[names[at]!];
        const own = values[at]!;
        let pair = 0;
        for (let i = 0; i < rates.groups; i++) {
          for (let j = i + 1; j < rates.groups; j++) own[pair++] = compare(column[i]!, column[j]!);
        }
      }
      return combine(values);
    },
    bounds(rates, level) {
      const pairs = countPairs(rates.groups);
      const z = criticalValue(level, pairs * names.length);
      const [lows, highs] = [createScratch(names.length)(rates), createScratch(names.length)(rates)];
      let known = pairs > 0;
      for (const [at, name] of names.entries()) {
        eachPair(rates.groups, (i, j, pair) => {
          const found = boundsOf(countProportion(rates, name, j), countProportion(rates, name, i), z);
          known &&= found !== undefined;
          if (found === undefined) return;
          lows[at]![pair] = found.low;
          highs[at]![pair] = found.high;
        });
      }
      return known ? { low: combine(lows), high: combine(highs) } : undefined;
    },
    method,
    uses: names,
  };
}

function countPairs(groups: number): number {
  return (groups * (groups - 1)) / 2;
}

/** Every pair i < j of groups, with its number. */
export function eachPair(groups: number, visit: (i: number, j: number, pair: number) => void): void {
  let pair = 0;
  for (let i = 0; i < groups; i++) for (let j = i + 1; j < groups; j++) visit(i, j, pair++);
}

/** Room for a number of each pair and rate, used again as long as there are as many groups. */
function createScratch(rates: number): (of: Rates) => Float64Array[] {
  let room: Float64Array[] = [];
  return ({ groups }) => {
    const pairs = countPairs(groups);
    if (room[0]?.length !== pairs) room = Array.from({ length: rates }, () => new Float64Array(pairs));
    return room;
  };
}

/** The largest over pairs of the p-norm over rates: the distance of two groups' points. */
export function largestNorm(values: PairValues, p: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let pair = 0; pair < values[0]!.length; pair++) {
    let sum = 0;
    for (const own of values) sum += own[pair]! ** p;
    most = Math.max(most, sum ** (1 / p));
  }
  return most;
}
