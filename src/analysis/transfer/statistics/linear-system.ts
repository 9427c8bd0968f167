/** Solution of symmetric equations, and which of the unknowns the others do not determine already. */
export interface Solution {
  /** 0 for unknowns that are left out. */
  readonly x: Float64Array;
  readonly rank: number;
}

/**
 * Solves A x = b for a symmetric positive semidefinite A `[size, size]`, row-major, by Gauss and Jordan in the order of the
 * unknowns; one whose pivot is less than 1e-10 of its diagonal follows from those before it and is left out.
 */
export function solveSymmetric(matrix: ArrayLike<number>, b: ArrayLike<number>, size: number): Solution {
  const a = Float64Array.from(matrix);
  const x = Float64Array.from(b);
  const used = new Uint8Array(size);
  for (let pivot = 0; pivot < size; pivot++) {
    const on = a[pivot * size + pivot]!;
    if (!(on > 1e-10 * matrix[pivot * size + pivot]!) || on <= 0) continue;
    used[pivot] = 1;
    for (let row = 0; row < size; row++) {
      const factor = a[row * size + pivot]! / on;
      if (row === pivot || factor === 0) continue;
      for (let column = pivot; column < size; column++)
        a[row * size + column]! -= factor * a[pivot * size + column]!;
      x[row]! -= factor * x[pivot]!;
    }
  }
  let rank = 0;
  for (let at = 0; at < size; at++) {
    rank += used[at]!;
    x[at] = used[at] === 1 ? x[at]! / a[at * size + at]! : 0;
  }
  return { x, rank };
}

/** The inverse of a symmetric positive definite matrix; undefined where it is singular. */
export function invertSymmetric(matrix: ArrayLike<number>, size: number): Float64Array | undefined {
  const inverse = new Float64Array(size * size);
  for (let column = 0; column < size; column++) {
    const unit = new Float64Array(size);
    unit[column] = 1;
    const { x, rank } = solveSymmetric(matrix, unit, size);
    if (rank < size) return undefined;
    for (let row = 0; row < size; row++) inverse[row * size + column] = x[row]!;
  }
  return inverse;
}
