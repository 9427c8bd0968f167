import type { Interval } from '../intervals.js';
import type { RateName, Rates } from '../rates.js';

/** A number that follows from the groups' counts, and how well these determine it. */
export interface Measure {
  /** NaN, or infinite, where the number does not exist. */
  compute(rates: Rates): number;
  /** The analytic interval of coverage `level`; undefined where there is none. */
  bounds(rates: Rates, level: number): Interval | undefined;
  /** How the analytic interval is made, or why there is none. */
  readonly method: string;
  /** What it is made of: which of them a group lacks says why a number does not exist. */
  readonly uses: readonly RateName[];
}

/** The same in percent. */
export function percent(measure: Measure): Measure {
  return {
    ...measure,
    compute: (rates) => 100 * measure.compute(rates),
    bounds(rates, level) {
      const found = measure.bounds(rates, level);
      return found && { low: 100 * found.low, high: 100 * found.high };
    },
  };
}

/** What only draws can give an interval. */
export function withoutBounds(
  uses: readonly RateName[],
  compute: (rates: Rates) => number,
  method = 'none: not smooth where groups are equal',
): Measure {
  return { compute, bounds: () => undefined, method, uses };
}
