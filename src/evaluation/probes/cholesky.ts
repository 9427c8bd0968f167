/**
 * The factor L of a symmetric positive definite matrix A = L·Lᵀ, `[size, size]` row-major, of which the lower triangle
 * is read; it is written over. Throws RangeError where A is not positive definite.
 */
export function factorize(matrix: Float64Array, size: number): Float64Array {
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = matrix[row * size + column]!;
      for (let at = 0; at < column; at++) sum -= matrix[row * size + at]! * matrix[column * size + at]!;
      if (column < row) matrix[row * size + column] = sum / matrix[column * size + column]!;
      else if (sum > 0) matrix[row * size + row] = Math.sqrt(sum);
      else throw new RangeError(`the matrix is not positive definite: pivot ${row} is ${sum}`);
    }
  }
  return matrix;
}

/** Solves L·Lᵀ·x = b; x takes the place of b. */
export function solve(factor: Float64Array, size: number, vector: Float64Array): void {
  for (let row = 0; row < size; row++) {
    let sum = vector[row]!;
    for (let at = 0; at < row; at++) sum -= factor[row * size + at]! * vector[at]!;
    vector[row] = sum / factor[row * size + row]!;
  }
  // By rows of the factor again, each of which is subtracted once its unknown is known.
  for (let row = size - 1; row >= 0; row--) {
    const known = vector[row]! / factor[row * size + row]!;
    vector[row] = known;
    for (let at = 0; at < row; at++) vector[at]! -= known * factor[row * size + at]!;
  }
}
