import { fitLogistic } from '../../../evaluation/probes/logistic.js';
import type { Matrix } from '../../../evaluation/probes/matrix.js';
import { measureColumns, standardize } from '../../../evaluation/probes/standardize.js';

/** Decides by intercept + Σ weights x > 0. */
export interface Line {
  /** Of each column, in its own units. */
  readonly weights: Float64Array;
  readonly intercept: number;
}

/**
 * The line through a few columns `[people]` that tells 0/1 decisions best: logistic regression on standardised columns,
 * with `ridge` × |weights|² / 2 beside the mean log-loss. A constant column has weight 0; where all decisions are alike,
 * so are the line's.
 */
export function fitLine(columns: readonly Float64Array[], decisions: Uint8Array, ridge = 1e-4): Line {
  const positives = decisions.reduce((sum, decision) => sum + decision, 0);
  if (positives === 0 || positives === decisions.length) {
    return { weights: new Float64Array(columns.length), intercept: positives === 0 ? -1 : 1 };
  }
  const features = toMatrix(columns, decisions.length);
  const standardization = measureColumns(features);
  const own = standardize(features, standardization);
  const { coefficients, biases } = fitLogistic(
    { features: own, labels: decisions, classes: 2 },
    { l2: ridge },
  );
  const weights = coefficients.map((value, column) => value * standardization.scales[column]!);
  const intercept = weights.reduce(
    (sum, weight, column) => sum - weight * standardization.means[column]!,
    biases[0]!,
  );
  return { weights, intercept };
}

/** Decisions of a line, `[people]`. */
export function decideByLine({ weights, intercept }: Line, columns: readonly Float64Array[]): Uint8Array {
  const count = columns[0]?.length ?? 0;
  return Uint8Array.from({ length: count }, (_, i) =>
    columns.reduce((sum, column, k) => sum + weights[k]! * column[i]!, intercept) > 0 ? 1 : 0,
  );
}

function toMatrix(columns: readonly Float64Array[], rows: number): Matrix {
  const data = new Float32Array(rows * columns.length);
  for (const [at, column] of columns.entries()) {
    for (let row = 0; row < rows; row++) data[row * columns.length + at] = column[row]!;
  }
  return { data, rows, columns: columns.length };
}
