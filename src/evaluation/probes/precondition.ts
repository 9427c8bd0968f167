import { factorize, solve } from './cholesky.js';
import type { Link } from './link.js';
import type { Matrix } from './matrix.js';

/** Up to so many columns, the curvature is a matrix of columns; beyond, of as many rows. */
const mostFactored = 400;
/** Rows that the curvature is estimated from, per coefficient: at 16, the estimate is within a factor of 1.6 of it. */
const rowsPerCoefficient = 16;
/** The bias is not penalised: this keeps it from dividing by nothing where no row has any curvature left. */
const biasPenalty = 1e-6;

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
  const wide = columns > mostFactored;
  const rows = spreadRows(x.rows, wide ? mostFactored : rowsPerCoefficient * (columns + 1));
  const products = wide ? multiplyRows(x, rows) : new Float64Array();
  const outputs = Array.from({ length: link.outputs }, (_, output) => {
    const weights = weigh(rows, shares, (row) => link.curvature(margins, row, output));
    return wide ? invertByRows(x, rows, products, weights, l2) : invertByColumns(x, rows, weights, l2);
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

/** Of l2 · I + Σ weight · (x, 1)(x, 1)ᵀ, `[columns + 1, columns + 1]`, by its Cholesky factor. */
function invertByColumns(
  { data, columns }: Matrix,
  rows: Uint32Array,
  weights: Float64Array,
  l2: number,
): Precondition {
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
  for (let at = 0; at < columns; at++) sums[at * size + at]! += l2;
  sums[size * size - 1]! += biasPenalty;
  const factor = factorize(sums, size);
  return (part) => solve(factor, size, part);
}

/**
 * The same by Woodbury's identity, (D + AᵀA)⁻¹ = D⁻¹ − D⁻¹Aᵀ(I + A·D⁻¹·Aᵀ)⁻¹A·D⁻¹ with a row of A for each chosen
 * example. Where these are not all examples, what they leave out counts in D by its mean share of the trace.
 */
function invertByRows(
  x: Matrix,
  rows: Uint32Array,
  products: Float64Array,
  weights: Float64Array,
  l2: number,
): Precondition {
  const { data, columns } = x;
  const count = rows.length;
  const roots = weights.map(Math.sqrt);
  let trace = 0;
  for (let at = 0; at < count; at++) trace += weights[at]! * products[at * count + at]!;
  const inverse = 1 / (l2 + (count < x.rows ? trace / count : 0));
  const matrix = new Float64Array(count * count);
  for (let one = 0; one < count; one++) {
    for (let other = 0; other <= one; other++) {
      const product = products[one * count + other]! * inverse + 1 / biasPenalty;
      matrix[one * count + other] = roots[one]! * roots[other]! * product + (one === other ? 1 : 0);
    }
  }
  const factor = factorize(matrix, count);
  const inner = new Float64Array(count);
  return (part) => {
    for (let at = 0; at < columns; at++) part[at]! *= inverse;
    part[columns]! /= biasPenalty;
    for (const [at, row] of rows.entries()) {
      let sum = part[columns]!;
      for (let column = 0; column < columns; column++) sum += data[row * columns + column]! * part[column]!;
      inner[at] = roots[at]! * sum;
    }
    solve(factor, count, inner);
    for (const [at, row] of rows.entries()) {
      const by = roots[at]! * inner[at]!;
      for (let column = 0; column < columns; column++)
        part[column]! -= by * inverse * data[row * columns + column]!;
      part[columns]! -= by / biasPenalty;
    }
  };
}

/** Products of the chosen rows with each other, `[rows, rows]`, the lower triangle. */
function multiplyRows({ data, columns }: Matrix, rows: Uint32Array): Float64Array {
  const products = new Float64Array(rows.length ** 2);
  for (let one = 0; one < rows.length; one++) {
    const from = rows[one]! * columns;
    for (let other = 0; other <= one; other++) {
      const beside = rows[other]! * columns;
      let sum = 0;
      for (let at = 0; at < columns; at++) sum += data[from + at]! * data[beside + at]!;
      products[one * rows.length + other] = sum;
    }
  }
  return products;
}
