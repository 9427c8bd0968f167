import { incompleteBeta } from '../../fairness/bounds/binomial-bounds.js';
import { normalCdf } from './normal.js';

/** Probability that an F variable with these degrees of freedom lies above `value`; NaN where one of them is none. */
export function upperTailOfF(value: number, above: number, below: number): number {
  if (!(value >= 0 && above > 0 && below > 0)) return Number.NaN;
  if (value === Number.POSITIVE_INFINITY) return 0;
  return incompleteBeta(below / 2, above / 2, below / (below + above * value));
}

/** Two-sided p of a standard normal statistic. */
export function twoSidedNormal(z: number): number {
  return Math.min(1, 2 * normalCdf(-Math.abs(z)));
}

/** Two-sided exact p of `positive` successes of `trials` fair coins: the sign test. 1 without trials. */
export function twoSidedFairCoin(positive: number, trials: number): number {
  const few = Math.min(positive, trials - positive);
  // P(at most `few`) = I_½(trials − few, few + 1).
  return Math.min(1, 2 * incompleteBeta(trials - few, few + 1, 0.5));
}

/** Holm's step-down adjustment (1979) of p values that are looked at together; NaN stays and is not counted. */
export function adjustHolm(values: readonly number[]): number[] {
  const order = values.map((_, at) => at).filter((at) => !Number.isNaN(values[at]!));
  order.sort((a, b) => values[a]! - values[b]!);
  const adjusted = values.map(() => Number.NaN);
  let largest = 0;
  for (const [place, at] of order.entries()) {
    largest = Math.max(largest, Math.min(1, values[at]! * (order.length - place)));
    adjusted[at] = largest;
  }
  return adjusted;
}
