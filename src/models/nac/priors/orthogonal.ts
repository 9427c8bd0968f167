import { fillNormal } from '../../../random/draw.js';
import type { Stream } from '../../../random/stream.js';

/**
 * `[rows, columns]` whose columns are orthonormal, or whose rows are where there are fewer of them: the Q of a Gaussian
 * matrix with a positive diagonal of R, as PyTorch's `orthogonal_`.
 */
export function drawOrthogonal(rows: number, columns: number, source: Stream): Float64Array {
  const [length, count] = rows >= columns ? [rows, columns] : [columns, rows];
  const drawn = fillNormal(source, new Float32Array(length * count));
  const vectors = Array.from({ length: count }, (_, k) =>
    Float64Array.from({ length }, (_, i) => drawn[i * count + k]!),
  );
  for (const [k, vector] of vectors.entries()) {
    // Twice is enough (Kahan): what rounding leaves of the others goes the second time.
    for (let pass = 0; pass < 2; pass++) {
      for (const other of vectors.slice(0, k)) addTo(vector, other, -dot(vector, other));
    }
    const norm = Math.sqrt(dot(vector, vector));
    for (let i = 0; i < length; i++) vector[i]! /= norm;
  }
  return Float64Array.from({ length: rows * columns }, (_, index) => {
    const [row, column] = [Math.floor(index / columns), index % columns];
    return rows >= columns ? vectors[column]![row]! : vectors[row]![column]!;
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function addTo(a: Float64Array, b: Float64Array, weight: number): void {
  for (let i = 0; i < a.length; i++) a[i]! += weight * b[i]!;
}
