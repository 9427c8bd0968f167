/** Numbers `[rows, columns]`, row-major. */
export interface Matrix {
  readonly data: Float32Array;
  readonly rows: number;
  readonly columns: number;
}

/**
 * x · coefficientsᵀ: `[rows, outputs]` from coefficients `[outputs, columns]`, written to `out`. Four rows at a time, so
 * that a coefficient is read once for four products, and that the products do not wait for each other.
 */
export function multiply(x: Matrix, coefficients: Float64Array, out: Float64Array): void {
  const { data, rows, columns } = x;
  const outputs = coefficients.length / columns;
  const whole = rows - (rows % 4);
  for (let row = 0; row < whole; row += 4) {
    const [a, b, c, d] = [row * columns, (row + 1) * columns, (row + 2) * columns, (row + 3) * columns];
    for (let output = 0; output < outputs; output++) {
      const from = output * columns;
      let [sumA, sumB, sumC, sumD] = [0, 0, 0, 0];
      for (let at = 0; at < columns; at++) {
        const factor = coefficients[from + at]!;
        sumA += factor * data[a + at]!;
        sumB += factor * data[b + at]!;
        sumC += factor * data[c + at]!;
        sumD += factor * data[d + at]!;
      }
      const to = row * outputs + output;
      out[to] = sumA;
      out[to + outputs] = sumB;
      out[to + 2 * outputs] = sumC;
      out[to + 3 * outputs] = sumD;
    }
  }
  for (let row = whole; row < rows; row++) {
    for (let output = 0; output < outputs; output++) {
      let sum = 0;
      for (let at = 0; at < columns; at++)
        sum += coefficients[output * columns + at]! * data[row * columns + at]!;
      out[row * outputs + output] = sum;
    }
  }
}

/** factorsᵀ · x: `[outputs, columns]` from factors `[rows, outputs]`, written to `out`; four rows at a time. */
export function multiplyTransposed(x: Matrix, factors: Float64Array, out: Float64Array): void {
  const { data, rows, columns } = x;
  const outputs = out.length / columns;
  const whole = rows - (rows % 4);
  out.fill(0);
  for (let row = 0; row < whole; row += 4) {
    const [a, b, c, d] = [row * columns, (row + 1) * columns, (row + 2) * columns, (row + 3) * columns];
    for (let output = 0; output < outputs; output++) {
      const of = row * outputs + output;
      const [byA, byB] = [factors[of]!, factors[of + outputs]!];
      const [byC, byD] = [factors[of + 2 * outputs]!, factors[of + 3 * outputs]!];
      const to = output * columns;
      for (let at = 0; at < columns; at++)
        out[to + at]! +=
          byA * data[a + at]! + byB * data[b + at]! + byC * data[c + at]! + byD * data[d + at]!;
    }
  }
  for (let row = whole; row < rows; row++) {
    for (let output = 0; output < outputs; output++) {
      const factor = factors[row * outputs + output]!;
      for (let at = 0; at < columns; at++) out[output * columns + at]! += factor * data[row * columns + at]!;
    }
  }
}
