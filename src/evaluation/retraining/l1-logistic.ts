/** Standardised features `[rows, columns]`, row-major, and of every row whether it is positive. */
export interface BinaryRows {
  readonly features: Float64Array;
  readonly columns: number;
  readonly positive: ArrayLike<boolean>;
}

/**
 * Minimises |w|₁ + |b| + c Σ log(1 + exp(−s (x·w + b))), s = ±1, by accelerated proximal steps that begin anew where they
 * overshoot (Beck & Teboulle 2009; O'Donoghue & Candès 2015), until no optimality condition is further off than the
 * tolerance. The bias is penalised as liblinear does.
 *
 * @param c What the losses weigh, above 0.
 * @returns Coefficients, then the bias: `[columns + 1]`.
 */
export function fitL1Logistic(
  { features, columns, positive }: BinaryRows,
  c: number,
  { tolerance = 1e-6, mostSteps = 20_000 } = {},
): Float64Array {
  const rows = positive.length;
  const width = columns + 1;
  const x = new Float64Array(rows * width).fill(1);
  for (let row = 0; row < rows; row++) {
    x.set(features.subarray(row * columns, (row + 1) * columns), row * width);
  }
  const sign = Float64Array.from({ length: rows }, (_, row) => (positive[row] ? 1 : -1));
  const slope = (w: Float64Array) => {
    const out = new Float64Array(width);
    for (let row = 0; row < rows; row++) {
      const factor = (-c * sign[row]!) / (1 + Math.exp(sign[row]! * dotRow(x, w, row)));
      for (let at = 0; at < width; at++) out[at]! += factor * x[row * width + at]!;
    }
    return out;
  };
  const step = 4 / (c * squaredNorm(x, width));
  let w = new Float64Array(width);
  let ahead = w;
  let momentum = 1;
  for (let made = 0; made < mostSteps; made++) {
    const down = slope(ahead);
    const next = ahead.map((value, at) => {
      const moved = value - step * down[at]!;
      return Math.sign(moved) * Math.max(0, Math.abs(moved) - step);
    });
    const turned = next.reduce((sum, value, at) => sum + (ahead[at]! - value) * (value - w[at]!), 0);
    if (turned > 0) momentum = 1;
    const following = (1 + Math.sqrt(1 + 4 * momentum ** 2)) / 2;
    const before = w;
    const share = (momentum - 1) / following;
    ahead = next.map((value, at) => value + share * (value - before[at]!));
    w = next;
    momentum = following;
    if (made % 10 === 9 && farOff(w, slope(w)) < tolerance) break;
  }
  return w;
}

/** By how much the worst condition for a minimum is missed. */
function farOff(w: Float64Array, slope: Float64Array): number {
  return slope.reduce((most, value, at) => {
    const off = w[at] === 0 ? Math.max(0, Math.abs(value) - 1) : Math.abs(value + Math.sign(w[at]!));
    return Math.max(most, off);
  }, 0);
}

/** The largest eigenvalue of xᵀx, a little more than the power method finds. */
function squaredNorm(x: Float64Array, width: number): number {
  let vector = new Float64Array(width).fill(1 / Math.sqrt(width));
  let norm = 0;
  for (let round = 0; round < 100; round++) {
    const next = new Float64Array(width);
    for (let row = 0; row * width < x.length; row++) {
      const factor = dotRow(x, vector, row);
      for (let at = 0; at < width; at++) next[at]! += factor * x[row * width + at]!;
    }
    norm = Math.hypot(...next);
    vector = next.map((value) => value / norm);
  }
  return 1.02 * norm;
}

function dotRow(x: Float64Array, w: Float64Array, row: number): number {
  let sum = 0;
  for (let at = 0; at < w.length; at++) sum += x[row * w.length + at]! * w[at]!;
  return sum;
}
