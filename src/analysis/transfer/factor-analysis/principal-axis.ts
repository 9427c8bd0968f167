import { decompose } from '../statistics/eigen.js';
import { invertSymmetric } from '../statistics/linear-system.js';

/** Loadings `[size, factors]`, row-major, and how they were found. */
export interface Extraction {
  readonly loadings: Float64Array;
  /** Share of each variable's variance that the factors explain. */
  readonly communalities: Float64Array;
  readonly iterations: number;
  readonly converged: boolean;
  /** Whether some communality ran beyond 1 and was held there (a Heywood case). */
  readonly heywood: boolean;
}

const mostIterations = 2000;
const tolerance = 1e-10;

/**
 * Principal-axis factoring: eigenvectors of the correlations with communalities on the diagonal, again and again until
 * these no longer change. They begin at the squared multiple correlations, or the largest correlations where the matrix is
 * singular.
 */
export function extractFactors(correlations: Float64Array, size: number, factors: number): Extraction {
  let communalities = begin(correlations, size);
  let loadings = new Float64Array(size * factors);
  let heywood = false;
  let [iterations, change] = [0, Number.POSITIVE_INFINITY];
  while (iterations < mostIterations && change > tolerance) {
    const reduced = Float64Array.from(correlations);
    for (let at = 0; at < size; at++) reduced[at * size + at] = communalities[at]!;
    loadings = leadingLoadings(reduced, size, factors);
    const next = sumSquares(loadings, size, factors).map((value) => Math.min(1, value));
    change = next.reduce((most, value, at) => Math.max(most, Math.abs(value - communalities[at]!)), 0);
    communalities = next;
    iterations += 1;
  }
  heywood = sumSquares(loadings, size, factors).some((value) => value > 1 + 1e-6);
  return { loadings, communalities, iterations, converged: change <= tolerance, heywood };
}

/** Loadings of the principal components: eigenvectors times the roots of their values, with sums not below 0. */
export function leadingLoadings(
  matrix: Float64Array,
  size: number,
  factors: number,
): Float64Array<ArrayBuffer> {
  const { values, vectors } = decompose(matrix, size);
  const loadings = new Float64Array(size * factors);
  for (let factor = 0; factor < factors; factor++) {
    const own = vectors.subarray(factor * size, (factor + 1) * size);
    const sum = own.reduce((total, value) => total + value, 0);
    const root = Math.sqrt(Math.max(0, values[factor]!)) * (sum < 0 ? -1 : 1);
    for (let at = 0; at < size; at++) loadings[at * factors + factor] = root * own[at]!;
  }
  return loadings;
}

function begin(correlations: Float64Array, size: number): Float64Array {
  const inverse = invertSymmetric(correlations, size);
  return Float64Array.from({ length: size }, (_, at) => {
    if (inverse !== undefined) return Math.max(0, 1 - 1 / inverse[at * size + at]!);
    let most = 0;
    for (let other = 0; other < size; other++)
      if (other !== at) most = Math.max(most, Math.abs(correlations[at * size + other]!));
    return most;
  });
}

export function sumSquares(loadings: Float64Array, size: number, factors: number): Float64Array {
  return Float64Array.from({ length: size }, (_, at) => {
    let sum = 0;
    for (let factor = 0; factor < factors; factor++) sum += loadings[at * factors + factor]! ** 2;
    return sum;
  });
}
