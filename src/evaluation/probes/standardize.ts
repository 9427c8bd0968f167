import type { Matrix } from './matrix.js';

/** How features enter a probe: (x − mean) · scale, column by column. */
export interface Standardization {
  readonly means: Float64Array;
  /** One over the standard deviation; 0 for a column that does not vary, which then says nothing. */
  readonly scales: Float64Array;
}

/** Means and deviations (of the population) of the columns. */
export function measureColumns({ data, rows, columns }: Matrix): Standardization {
  const means = new Float64Array(columns);
  const scales = new Float64Array(columns);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) means[column]! += data[row * columns + column]!;
  for (let column = 0; column < columns; column++) means[column]! /= rows;
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      scales[column]! += (data[row * columns + column]! - means[column]!) ** 2;
  for (let column = 0; column < columns; column++) {
    const deviation = Math.sqrt(scales[column]! / rows);
    // Below the rounding of float32 it is no variation.
    scales[column] = deviation > 1e-7 * Math.abs(means[column]!) && deviation > 0 ? 1 / deviation : 0;
  }
  return { means, scales };
}

/** A copy of the features, standardised as told. */
export function standardize({ data, rows, columns }: Matrix, { means, scales }: Standardization): Matrix {
  const out = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column;
      out[at] = (data[at]! - means[column]!) * scales[column]!;
    }
  }
  return { data: out, rows, columns };
}
