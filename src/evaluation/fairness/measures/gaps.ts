import { foldAround, newcombe } from '../intervals.js';
import { criticalValue } from '../normal-quantile.js';
import { countProportion, type ProportionName, type Rates } from '../rates.js';
import type { Measure } from './measure.js';

/** Absolute differences: of each rate one per pair of groups, pairs in one order for all rates. */
export type PairValues = readonly Float64Array[];

interface Options {
  /** Whether a group without people below the line has the rate 0, as in OxonFair and FairBench. */
  readonly filled?: boolean;
}

/**
 * A function of the pairs' absolute differences that no larger difference makes smaller: then it lies between its
 * values at the lower and at the upper ends of intervals of the differences that hold all at once.
 */
export function gapsOf(
  names: readonly ProportionName[],
  combine: (gaps: PairValues) => number,
  { filled = false }: Options = {},
): Measure {
  const take = createScratch(names.length);
  return {
    compute(rates) {
      const columns = filled ? rates.filled : rates.of;
      const gaps = take(rates);
      for (let at = 0; at < names.length; at++) {
        const column = columns[names[at]!];
        const own = gaps[at]!;
        let pair = 0;
        for (let i = 0; i < rates.groups; i++) {
          for (let j = i + 1; j < rates.groups; j++) own[pair++] = Math.abs(column[i]! - column[j]!);
        }
      }
      return combine(gaps);
    },
    bounds(rates, level) {
      const pairs = countPairs(rates.groups);
      const z = criticalValue(level, pairs * names.length);
      const [lows, highs] = [createScratch(names.length)(rates), createScratch(names.length)(rates)];
      let known = pairs > 0;
      for (const [at, name] of names.entries()) {
        eachPair(rates.groups, (i, j, pair) => {
          const found = newcombe(countProportion(rates, name, j), countProportion(rates, name, i), z);
          known &&= found !== undefined;
          if (found === undefined) return;
          const { low, high } = foldAround(found);
          lows[at]![pair] = low;
          highs[at]![pair] = high;
        });
      }
      return known ? { low: combine(lows), high: combine(highs) } : undefined;
    },
    method: 'folded Newcombe, at once for all pairs and rates (Bonferroni)',
    uses: names,
  };
}

export function countPairs(groups: number): number {
  return (groups * (groups - 1)) / 2;
}

/** Every pair i < j of groups, with its number. */
export function eachPair(groups: number, visit: (i: number, j: number, pair: number) => void): void {
  let pair = 0;
  for (let i = 0; i < groups; i++) for (let j = i + 1; j < groups; j++) visit(i, j, pair++);
}

/** Room for a number of each pair and rate, used again as long as there are as many groups. */
export function createScratch(rates: number): (of: Rates) => Float64Array[] {
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
