/** Eigenvalues, the largest first, with their vectors of length 1. */
export interface Eigen {
  readonly values: Float64Array;
  /** `[size, size]` row-major: vector k is row k; the entry of largest size is above 0. */
  readonly vectors: Float64Array;
}

const sweeps = 60;

/**
 * Eigenvalues and vectors of a symmetric matrix `[size, size]`, row-major, by Jacobi's rotations (Golub and Van Loan,
 * 8.5): accurate to rounding, and fast enough for the hundred variables that anybody analyses.
 */
export function decompose(matrix: ArrayLike<number>, size: number): Eigen {
  const a = Float64Array.from(matrix);
  const v = new Float64Array(size * size);
  for (let at = 0; at < size; at++) v[at * size + at] = 1;
  for (let sweep = 0; sweep < sweeps && !isDiagonal(a, size); sweep++) {
    for (let p = 0; p < size - 1; p++) for (let q = p + 1; q < size; q++) rotate(a, v, size, p, q);
  }
  const order = Array.from({ length: size }, (_, at) => at).sort(
    (p, q) => a[q * size + q]! - a[p * size + p]!,
  );
  const values = Float64Array.from(order, (at) => a[at * size + at]!);
  const vectors = new Float64Array(size * size);
  for (const [to, from] of order.entries()) {
    const own = v.subarray(from * size, (from + 1) * size);
    const most = own.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
    for (let at = 0; at < size; at++) vectors[to * size + at] = own[at]! * (most < 0 ? -1 : 1);
  }
  return { values, vectors };
}

function isDiagonal(a: Float64Array, size: number): boolean {
  let [off, on] = [0, 0];
  for (let row = 0; row < size; row++) {
    on += a[row * size + row]! ** 2;
    for (let column = row + 1; column < size; column++) off += a[row * size + column]! ** 2;
  }
  return off <= 1e-30 * on;
}

/** Makes entry (p, q) zero; the rows of `v` follow. */
function rotate(a: Float64Array, v: Float64Array, size: number, p: number, q: number): void {
  const apq = a[p * size + q]!;
  if (apq === 0) return;
  const theta = (a[q * size + q]! - a[p * size + p]!) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < size; k++) {
    const [kp, kq] = [a[k * size + p]!, a[k * size + q]!];
    a[k * size + p] = c * kp - s * kq;
    a[k * size + q] = s * kp + c * kq;
  }
  for (let k = 0; k < size; k++) {
    const [pk, qk] = [a[p * size + k]!, a[q * size + k]!];
    a[p * size + k] = c * pk - s * qk;
    a[q * size + k] = s * pk + c * qk;
    const [vp, vq] = [v[p * size + k]!, v[q * size + k]!];
    v[p * size + k] = c * vp - s * vq;
    v[q * size + k] = s * vp + c * vq;
  }
}
