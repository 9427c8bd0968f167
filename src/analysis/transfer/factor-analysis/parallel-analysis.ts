import { quantileOf } from '../../../core/numbers/quantiles.js';
import { drawLogGamma } from '../../../random/gamma.js';
import { drawFloat53, type Stream } from '../../../random/stream.js';
import { decompose } from '../statistics/eigen.js';

/**
 * Eigenvalues that correlations of independent normal variables have by chance (Horn 1965), the largest first: the
 * `share` quantile of each over the draws. The correlations of `rows` draws of `size` variables are those of a Wishart
 * matrix, which Bartlett's decomposition (1933) gives in a time that does not grow with the rows: L Lᵀ with normal numbers
 * below the diagonal of L and roots of chi-square numbers on it.
 */
export function chanceEigenvalues(
  size: number,
  rows: number,
  source: Stream,
  { draws = 200, share = 0.95 } = {},
): Float64Array {
  const drawn = Array.from({ length: size }, () => new Float64Array(draws));
  for (let draw = 0; draw < draws; draw++) {
    const { values } = decompose(drawCorrelations(size, rows - 1, source), size);
    for (let at = 0; at < size; at++) drawn[at]![draw] = values[at]!;
  }
  return Float64Array.from(drawn, (values) => quantileOf(values.sort(), share));
}

function drawCorrelations(size: number, degrees: number, source: Stream): Float64Array {
  const factor = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < row; column++) factor[row * size + column] = drawNormal(source);
    factor[row * size + row] = Math.sqrt(drawChiSquare(degrees - row, source));
    let length = 0;
    for (let column = 0; column <= row; column++) length += factor[row * size + column]! ** 2;
    // Rows of length 1 make correlations of covariances.
    for (let column = 0; column <= row; column++) factor[row * size + column]! /= Math.sqrt(length);
  }
  const matrix = new Float64Array(size * size);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let at = 0; at <= b; at++) sum += factor[a * size + at]! * factor[b * size + at]!;
      matrix[a * size + b] = sum;
      matrix[b * size + a] = sum;
    }
  }
  return matrix;
}

function drawNormal(source: Stream): number {
  const radius = Math.sqrt(-2 * Math.log(1 - drawFloat53(source)));
  return radius * Math.cos(2 * Math.PI * drawFloat53(source));
}

function drawChiSquare(degrees: number, source: Stream): number {
  return degrees <= 0 ? 0 : 2 * Math.exp(drawLogGamma(source, degrees / 2));
}
