import { solveSymmetric } from '../statistics/linear-system.js';

/**
 * What least squares of y on k predictors needs to know of some rows. Sums of several groups of rows add and subtract, so
 * that leaving a group out costs nothing.
 */
export interface Sums {
  /** Sum of weights. */
  weight: number;
  /** `[k + 1, k + 1]`: products of (1, x). */
  readonly xx: Float64Array;
  readonly xy: Float64Array;
  yy: number;
}

export function createSums(predictors: number): Sums {
  const size = predictors + 1;
  return { weight: 0, xx: new Float64Array(size * size), xy: new Float64Array(size), yy: 0 };
}

/** Adds a row: predictors x, outcome y. */
export function addRow(sums: Sums, x: readonly number[], y: number, weight = 1): void {
  const size = x.length + 1;
  for (let row = 0; row < size; row++) {
    const a = weight * (row === 0 ? 1 : x[row - 1]!);
    for (let column = 0; column < size; column++)
      sums.xx[row * size + column]! += a * (column === 0 ? 1 : x[column - 1]!);
    sums.xy[row]! += a * y;
  }
  sums.weight += weight;
  sums.yy += weight * y * y;
}

/** The first plus, or with `sign` −1 less, the second. */
export function combine(a: Sums, b: Sums, sign: 1 | -1 = 1): Sums {
  return {
    weight: a.weight + sign * b.weight,
    xx: a.xx.map((value, at) => value + sign * b.xx[at]!),
    xy: a.xy.map((value, at) => value + sign * b.xy[at]!),
    yy: a.yy + sign * b.yy,
  };
}

/** Coefficients of least squares, the intercept first. */
export function fitSums({ xx, xy }: Sums): Float64Array {
  return solveSymmetric(xx, xy, xy.length).x;
}

/** Sum of squared errors on rows with these sums of what coefficients predict. */
export function squaredErrors({ xx, xy, yy }: Sums, coefficients: ArrayLike<number>): number {
  const size = xy.length;
  let sum = yy;
  for (let row = 0; row < size; row++) {
    sum -= 2 * coefficients[row]! * xy[row]!;
    for (let column = 0; column < size; column++)
      sum += coefficients[row]! * coefficients[column]! * xx[row * size + column]!;
  }
  return Math.max(0, sum);
}
