/** A logistic model: P(1 | x) = σ(intercept + Σ weights x). */
export interface LogisticFit {
  readonly weights: Float64Array;
  readonly intercept: number;
  /** Newton steps taken. */
  readonly steps: number;
}

const mostSteps = 200;

/**
 * Logistic regression of 0/1 targets on a few columns `[people]`, by Newton's method with halved steps. Columns are
 * standardised within and weights given back in their own units. `ridge` × |standardised weights|² / 2 is added to the
 * mean log-loss, so that separable decisions have a fit; the intercept is free, but for 1e-9 that keeps it finite where
 * all targets are alike. A constant column has weight 0.
 */
export function fitLogistic(
  columns: readonly Float64Array[],
  targets: Uint8Array,
  ridge = 1e-4,
): LogisticFit {
  const standard = columns.map(standardise);
  const design = [...standard.map(({ values }) => values), new Float64Array(targets.length).fill(1)];
  const penalties = design.map((_, k) => (k < columns.length ? ridge : 1e-9));
  let beta: number[] = design.map(() => 0);
  let loss = lossOf(design, targets, penalties, beta);
  let steps = 0;
  for (; steps < mostSteps; steps++) {
    const { gradient, hessian } = derivatives(design, targets, penalties, beta);
    if (Math.max(...gradient.map(Math.abs)) < 1e-10) break;
    const step = solveSymmetric(hessian, gradient);
    let size = 1;
    let next = beta;
    let lower = Number.POSITIVE_INFINITY;
    for (; size > 1e-8; size /= 2) {
      next = beta.map((value, k) => value - size * step[k]!);
      lower = lossOf(design, targets, penalties, next);
      if (lower < loss) break;
    }
    // Nothing but rounding is left to gain.
    if (!(lower < loss)) break;
    beta = next;
    loss = lower;
  }
  const weights = Float64Array.from(standard, ({ deviation }, k) =>
    deviation === 0 ? 0 : beta[k]! / deviation,
  );
  const intercept = beta.at(-1)! - weights.reduce((sum, weight, k) => sum + weight * standard[k]!.mean, 0);
  return { weights, intercept, steps };
}

/** Decisions σ > 1/2 of a fitted model. */
export function decideLogistic(
  { weights, intercept }: LogisticFit,
  columns: readonly Float64Array[],
): Uint8Array {
  const count = columns[0]?.length ?? 0;
  return Uint8Array.from({ length: count }, (_, i) =>
    columns.reduce((sum, column, k) => sum + weights[k]! * column[i]!, intercept) > 0 ? 1 : 0,
  );
}

function standardise(column: Float64Array): { values: Float64Array; mean: number; deviation: number } {
  const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
  const deviation = Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / column.length);
  if (!(deviation > 1e-12 * Math.abs(mean))) {
    return { values: new Float64Array(column.length), mean: 0, deviation: 0 };
  }
  return { values: column.map((value) => (value - mean) / deviation), mean, deviation };
}

function linearAt(design: readonly Float64Array[], beta: readonly number[], i: number): number {
  let sum = 0;
  for (let k = 0; k < design.length; k++) sum += beta[k]! * design[k]![i]!;
  return sum;
}

function lossOf(
  design: readonly Float64Array[],
  targets: Uint8Array,
  penalties: readonly number[],
  beta: readonly number[],
): number {
  let sum = 0;
  for (let i = 0; i < targets.length; i++) {
    const margin = linearAt(design, beta, i) * (targets[i] === 1 ? 1 : -1);
    // log(1 + exp(−margin)) without overflow.
    sum += Math.max(0, -margin) + Math.log1p(Math.exp(-Math.abs(margin)));
  }
  return sum / targets.length + beta.reduce((all, value, k) => all + (penalties[k]! * value * value) / 2, 0);
}

function derivatives(
  design: readonly Float64Array[],
  targets: Uint8Array,
  penalties: readonly number[],
  beta: readonly number[],
): { gradient: number[]; hessian: number[][] } {
  const size = design.length;
  const gradient = beta.map((value, k) => penalties[k]! * value);
  const hessian = beta.map((_, k) => beta.map((__, l) => (k === l ? penalties[k]! : 0)));
  const n = targets.length;
  for (let i = 0; i < n; i++) {
    const chance = 1 / (1 + Math.exp(-linearAt(design, beta, i)));
    const spread = (chance * (1 - chance)) / n;
    for (let k = 0; k < size; k++) {
      const value = design[k]![i]!;
      gradient[k]! += ((chance - targets[i]!) * value) / n;
      for (let l = 0; l <= k; l++) hessian[k]![l]! += spread * value * design[l]![i]!;
    }
  }
  for (let k = 0; k < size; k++) for (let l = k + 1; l < size; l++) hessian[k]![l] = hessian[l]![k]!;
  return { gradient, hessian };
}

/** Gaussian elimination without pivots, which positive definite matrices do not need. */
function solveSymmetric(matrix: readonly number[][], right: readonly number[]): number[] {
  const a = matrix.map((row, k) => [...row, right[k]!]);
  for (let k = 0; k < a.length; k++) {
    for (let row = k + 1; row < a.length; row++) {
      const factor = a[row]![k]! / a[k]![k]!;
      for (let column = k; column <= a.length; column++) a[row]![column]! -= factor * a[k]![column]!;
    }
  }
  const solution = right.map(() => 0);
  for (let k = a.length - 1; k >= 0; k--) {
    const known = a[k]!.slice(k + 1, -1).reduce((sum, value, l) => sum + value * solution[k + 1 + l]!, 0);
    solution[k] = (a[k]!.at(-1)! - known) / a[k]![k]!;
  }
  return solution;
}
