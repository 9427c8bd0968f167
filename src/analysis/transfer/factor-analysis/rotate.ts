import { invertSymmetric } from '../statistics/linear-system.js';

/** Loadings `[size, factors]` after a rotation. */
export interface Rotation {
  readonly loadings: Float64Array;
  /** Correlations of the factors `[factors, factors]`; those of varimax have none. */
  readonly correlations: Float64Array;
  /** Variance that each factor explains by itself: sums of squared loadings; those of varimax fall. */
  readonly explained: Float64Array;
}

const mostSweeps = 1000;

/**
 * Varimax (Kaiser 1958), rows scaled to length 1 as he did: rotates pairs of factors until the variance of the squared
 * loadings of each is largest. Factors stand by what they explain; the sum of the loadings of each is not below 0.
 */
export function rotateVarimax(loadings: Float64Array, size: number, factors: number): Rotation {
  const rotated = Float64Array.from(loadings);
  const lengths = scaleRows(rotated, size, factors);
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let turned = 0;
    for (let p = 0; p < factors - 1; p++) {
      for (let q = p + 1; q < factors; q++) turned = Math.max(turned, turnPair(rotated, size, factors, p, q));
    }
    if (turned < 1e-12) break;
  }
  for (let row = 0; row < size; row++)
    for (let at = 0; at < factors; at++) rotated[row * factors + at]! *= lengths[row]!;
  const correlations = new Float64Array(factors * factors);
  for (let at = 0; at < factors; at++) correlations[at * factors + at] = 1;
  const arranged = arrange(rotated, size, factors);
  return { loadings: arranged, correlations, explained: sumSquares(arranged, size, factors) };
}

/**
 * Promax (Hendrickson and White 1964) of varimax loadings: the oblique factors that come nearest to the loadings raised to
 * a power, signs kept. Loadings are regression weights (the pattern). Factors have the places and signs of those that they
 * came from, so that a factor is the same one in both.
 */
export function rotatePromax(varimax: Rotation, size: number, factors: number, power = 4): Rotation {
  const { loadings } = varimax;
  if (factors < 2) return varimax;
  const target = loadings.map((value) => value * Math.abs(value) ** (power - 1));
  const inverse = invertSymmetric(gram(loadings, loadings, size, factors), factors);
  if (inverse === undefined) return varimax;
  const turn = multiply(inverse, gram(loadings, target, size, factors), factors);
  const own = invertSymmetric(gram(turn, turn, factors, factors), factors);
  if (own === undefined) return varimax;
  // Columns so long that the factors have variance 1.
  for (let row = 0; row < factors; row++)
    for (let at = 0; at < factors; at++) turn[row * factors + at]! *= Math.sqrt(own[at * factors + at]!);
  const pattern = new Float64Array(size * factors);
  for (let row = 0; row < size; row++) {
    for (let at = 0; at < factors; at++) {
      let sum = 0;
      for (let by = 0; by < factors; by++) sum += loadings[row * factors + by]! * turn[by * factors + at]!;
      pattern[row * factors + at] = sum;
    }
  }
  const correlations = invertSymmetric(gram(turn, turn, factors, factors), factors) ?? varimax.correlations;
  return { loadings: pattern, correlations, explained: sumSquares(pattern, size, factors) };
}

/** Scales rows to length 1; returns the lengths. */
function scaleRows(loadings: Float64Array, size: number, factors: number): Float64Array {
  return Float64Array.from({ length: size }, (_, row) => {
    const own = loadings.subarray(row * factors, (row + 1) * factors);
    const length = Math.hypot(...own);
    if (length > 0) for (let at = 0; at < factors; at++) own[at]! /= length;
    return length;
  });
}

/** The best turn of two factors in closed form; returns its angle. */
function turnPair(loadings: Float64Array, size: number, factors: number, p: number, q: number): number {
  let [sumU, sumV, sumC, sumD] = [0, 0, 0, 0];
  for (let row = 0; row < size; row++) {
    const [x, y] = [loadings[row * factors + p]!, loadings[row * factors + q]!];
    const [u, v] = [x * x - y * y, 2 * x * y];
    sumU += u;
    sumV += v;
    sumC += u * u - v * v;
    sumD += 2 * u * v;
  }
  const angle = Math.atan2(sumD - (2 * sumU * sumV) / size, sumC - (sumU * sumU - sumV * sumV) / size) / 4;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  for (let row = 0; row < size; row++) {
    const [x, y] = [loadings[row * factors + p]!, loadings[row * factors + q]!];
    loadings[row * factors + p] = c * x + s * y;
    loadings[row * factors + q] = c * y - s * x;
  }
  return Math.abs(angle);
}

/** Aᵀ B of two `[size, factors]`. */
function gram(a: Float64Array, b: Float64Array, size: number, factors: number): Float64Array {
  const out = new Float64Array(factors * factors);
  for (let row = 0; row < size; row++)
    for (let p = 0; p < factors; p++)
      for (let q = 0; q < factors; q++)
        out[p * factors + q]! += a[row * factors + p]! * b[row * factors + q]!;
  return out;
}

function multiply(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const out = new Float64Array(size * size);
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++)
      for (let at = 0; at < size; at++)
        out[row * size + column]! += a[row * size + at]! * b[at * size + column]!;
  return out;
}

/** Orders factors by what they explain and turns those with a sum below 0. */
function arrange(loadings: Float64Array, size: number, factors: number): Float64Array {
  const sums = new Float64Array(factors);
  for (let at = 0; at < loadings.length; at++) sums[at % factors]! += loadings[at]!;
  const explained = sumSquares(loadings, size, factors);
  const order = Array.from(explained, (_, at) => at).sort((a, b) => explained[b]! - explained[a]!);
  return Float64Array.from(loadings, (_, at) => {
    const from = order[at % factors]!;
    return (sums[from]! < 0 ? -1 : 1) * loadings[at - (at % factors) + from]!;
  });
}

/** By factor. */
function sumSquares(loadings: Float64Array, size: number, factors: number): Float64Array {
  const sums = new Float64Array(factors);
  for (let at = 0; at < size * factors; at++) sums[at % factors]! += loadings[at]! ** 2;
  return sums;
}
