import { factorize, solve } from './cholesky.js';
import type { Link } from './link.js';
import type { Matrix } from './matrix.js';

/** From so many columns on, the diagonal alone: a factor would take longer than it saves. */
const mostFactored = 400;
/** Rows that the curvature is estimated from, per coefficient: at 16, the estimate is within a factor of 1.6 of it. */
const rowsPerCoefficient = 16;

/** Multiplies a gradient `[coefficients of all outputs, biases]` by an estimate of the inverse Hessian, in place. */
export type Precondition = (gradient: Float64Array) => void;

/**
 * The Hessian of each output's own coefficients and bias at these margins, from rows evenly spread over all, inverted.
 */
export function createPrecondition(
  x: Matrix,
  link: Link,
  shares: Float64Array,
  margins: Float64Array,
  l2: number,
): Precondition {
  const { columns } = x;
  const rows = spreadRows(x.rows, rowsPerCoefficient * (columns + 1));
  const outputs = Array.from({ length: link.outputs }, (_, output) => {
    const weights = weigh(rows, shares, (row) => link.curvature(margins, row, output));
    return columns > mostFactored
      ? invertDiagonal(sumSquares(x, rows, weights), columns, l2)
      : invertFactored(sumProducts(x, rows, weights), columns, l2);
  });
  const biases = columns * link.outputs;
  const part = new Float64Array(columns + 1);
  return (gradient) => {
    for (const [output, invert] of outputs.entries()) {
      const own = gradient.subarray(output * columns, (output + 1) * columns);
      part.set(own);
      part[columns] = gradient[biases + output]!;
      invert(part);
      own.set(part.subarray(0, columns));
      gradient[biases + output] = part[columns]!;
    }
  };
}

function spreadRows(rows: number, most: number): Uint32Array {
  const count = Math.min(rows, most);
  return Uint32Array.from({ length: count }, (_, at) => Math.floor((at * rows) / count));
}

/** Share times curvature, as if the chosen rows were all: every row alike where the chosen ones count for nothing. */
function weigh(rows: Uint32Array, shares: Float64Array, curvature: (row: number) => number): Float64Array {
  let total = 0;
  for (const row of rows) total += shares[row]!;
  return Float64Array.from(rows, (row) =>
    total > 0 ? (shares[row]! / total) * curvature(row) : curvature(row) / rows.length,
  );
}

/** Lower triangle of Σ weight · (x, 1)(x, 1)ᵀ, `[columns + 1, columns + 1]`. */
function sumProducts({ data, columns }: Matrix, rows: Uint32Array, weights: Float64Array): Float64Array {
  const size = columns + 1;
  const sums = new Float64Array(size * size);
  const row = new Float64Array(size);
  row[columns] = 1;
  for (const [at, index] of rows.entries()) {
    row.set(data.subarray(index * columns, (index + 1) * columns));
    const weight = weights[at]!;
    for (let one = 0; one < size; one++) {
      const factor = weight * row[one]!;
      const to = one * size;
      for (let other = 0; other <= one; other++) sums[to + other]! += factor * row[other]!;
    }
  }
  return sums;
}

/** The diagonal of the same. */
function sumSquares({ data, columns }: Matrix, rows: Uint32Array, weights: Float64Array): Float64Array {
  const sums = new Float64Array(columns + 1);
  for (const [at, index] of rows.entries()) {
    for (let column = 0; column < columns; column++)
      sums[column]! += weights[at]! * data[index * columns + column]! ** 2;
    sums[columns]! += weights[at]!;
  }
  return sums;
}

function invertFactored(sums: Float64Array, columns: number, l2: number): Precondition {
  const size = columns + 1;
  for (let at = 0; at < columns; at++) sums[at * size + at]! += l2;
  // The bias is not penalised; this keeps it from dividing by nothing where no row has any curvature left.
  sums[size * size - 1]! += 1e-6;
  const factor = factorize(sums, size);
  return (part) => solve(factor, size, part);
}

function invertDiagonal(sums: Float64Array, columns: number, l2: number): Precondition {
  return (part) => {
    for (let at = 0; at <= columns; at++) part[at]! /= sums[at]! + (at < columns ? l2 : 1e-6);
  };
}
