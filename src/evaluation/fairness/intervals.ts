/** Ends of a confidence interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Wilson's score interval (1927) of a proportion: `x` of `n` at the critical value `z`; undefined where n is 0. */
export function wilson(x: number, n: number, z: number): Interval | undefined {
  if (!(n > 0)) return undefined;
  const p = x / n;
  const shrink = 1 + (z * z) / n;
  const centre = (p + (z * z) / (2 * n)) / shrink;
  const half = (z / shrink) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  // At 0 and 1 an end is the estimate itself, which rounding must not move.
  return { low: x === 0 ? 0 : centre - half, high: x === n ? 1 : centre + half };
}

/** A part of a weighted sum. */
export interface Term extends Interval {
  readonly weight: number;
  readonly estimate: number;
}

/**
 * Interval of a weighted sum of independent estimates from their own intervals (Zou and Donner 2008, MOVER). Of the
 * difference of two proportions with Wilson intervals it is Newcombe's (1998, method 10).
 */
export function combineTerms(terms: readonly Term[]): Interval {
  let estimate = 0;
  let below = 0;
  let above = 0;
  for (const term of terms) {
    const down = term.weight * (term.estimate - (term.weight > 0 ? term.low : term.high));
    const up = term.weight * ((term.weight > 0 ? term.high : term.low) - term.estimate);
    estimate += term.weight * term.estimate;
    below += down * down;
    above += up * up;
  }
  return { low: estimate - Math.sqrt(below), high: estimate + Math.sqrt(above) };
}

/** Newcombe's interval of x1 / n1 − x0 / n0; undefined where a denominator is 0. */
export function newcombe(
  [x1, n1]: readonly [number, number],
  [x0, n0]: readonly [number, number],
  z: number,
): Interval | undefined {
  const [one, other] = [wilson(x1, n1, z), wilson(x0, n0, z)];
  if (one === undefined || other === undefined) return undefined;
  return combineTerms([
    { weight: 1, estimate: x1 / n1, ...one },
    { weight: -1, estimate: x0 / n0, ...other },
  ]);
}

/**
 * Interval of log((x1 / n1) / (x0 / n0)) by the delta method (Katz et al. 1978). Undefined where a count above the line is
 * 0, and where both rates are 1: it would have no width.
 */
export function katz(
  [x1, n1]: readonly [number, number],
  [x0, n0]: readonly [number, number],
  z: number,
): Interval | undefined {
  if (!(x1 > 0 && x0 > 0)) return undefined;
  const variance = 1 / x1 - 1 / n1 + 1 / x0 - 1 / n0;
  if (!(variance > 0)) return undefined;
  const estimate = Math.log(x1 / n1) - Math.log(x0 / n0);
  const half = z * Math.sqrt(variance);
  return { low: estimate - half, high: estimate + half };
}

/** Where the distance of a number from `centre` lies, if the number lies in the interval. */
export function foldAround({ low, high }: Interval, centre = 0): Interval {
  const [a, b] = [Math.abs(low - centre), Math.abs(high - centre)];
  return { low: low <= centre && high >= centre ? 0 : Math.min(a, b), high: Math.max(a, b) };
}
