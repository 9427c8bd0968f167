import { twoSidedNormal } from '../transfer/statistics/tails.js';

/**
 * Probability that a chi-squared variable with a whole number of degrees of freedom, 1 or more, lies above `value`: the
 * finite sums of Abramowitz and Stegun 26.4.4 and 26.4.5. NaN where one of the two is none.
 */
export function upperTailOfChiSquared(value: number, degrees: number): number {
  if (!(value >= 0) || !Number.isInteger(degrees) || degrees < 1) return Number.NaN;
  const odd = degrees % 2 === 1;
  const root = Math.sqrt(value);
  let term = odd ? Math.sqrt(2 / Math.PI) * Math.exp(-value / 2) * root : Math.exp(-value / 2);
  let sum = odd ? twoSidedNormal(root) : 0;
  for (let k = odd ? 3 : 2; k <= degrees; k += 2) {
    sum += term;
    term *= value / k;
  }
  return Math.min(1, sum);
}
