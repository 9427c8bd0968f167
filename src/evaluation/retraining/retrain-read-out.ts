import { shuffle } from '../../random/draw.js';
import { stream } from '../../random/stream.js';
import { fitL1Logistic } from './l1-logistic.js';

export interface Retraining {
  /** What the losses weigh beside the l1 penalty, above 0. */
  readonly c: number;
  /** Rows of each fit, as many of every group. */
  readonly subsets: readonly Uint32Array[];
  readonly classes: number;
}

/**
 * Deep feature reweighting (DFR; Kirichenko, Izmailov & Wilson, Last Layer Re-Training is Sufficient for Robustness to
 * Spurious Correlations, ICLR 2023): the read-out is a logistic regression with an l1 penalty of standardised features, fitted
 * to group-balanced rows; the mean over several draws of these. Of two classes one output tells; of more, each is told from
 * all others, as liblinear does.
 *
 * @param features `[rows, columns]`, row-major.
 * @param labels The class of every row, from 0 on.
 * @returns `kernel` `[columns, outputs]` and `bias` `[outputs]` of the features as they are.
 */
export function retrainReadOut(
  features: ArrayLike<number>,
  labels: ArrayLike<number>,
  { c, subsets, classes }: Retraining,
): { readonly kernel: Float64Array; readonly bias: Float64Array } {
  const columns = features.length / labels.length;
  const { means, scales } = measure(features, columns);
  const outputs = classes === 2 ? 1 : classes;
  const kernel = new Float64Array(columns * outputs);
  const bias = new Float64Array(outputs);
  for (let output = 0; output < outputs; output++) {
    const wanted = classes === 2 ? 1 : output;
    for (const rows of subsets) {
      const scaled = Float64Array.from({ length: rows.length * columns }, (_, place) => {
        const at = place % columns;
        return (features[rows[Math.floor(place / columns)]! * columns + at]! - means[at]!) * scales[at]!;
      });
      const positive = Array.from(rows, (row) => labels[row] === wanted);
      const found = fitL1Logistic({ features: scaled, columns, positive }, c);
      bias[output]! += found[columns]! / subsets.length;
      for (let at = 0; at < columns; at++) {
        const weight = (found[at]! * scales[at]!) / subsets.length;
        kernel[at * outputs + output]! += weight;
        bias[output]! -= weight * means[at]!;
      }
    }
  }
  return { kernel, bias };
}

/** Rows of draws that have as many of every group as the smallest one has; groups without rows count for nothing. */
export function drawBalancedRows(
  groups: ArrayLike<number>,
  draws: number,
  seed: number,
): readonly Uint32Array[] {
  const own = new Map<number, number[]>();
  for (let row = 0; row < groups.length; row++) {
    const rows = own.get(groups[row]!);
    if (rows === undefined) own.set(groups[row]!, [row]);
    else rows.push(row);
  }
  const ordered = [...own].sort(([a], [b]) => a - b);
  const size = Math.min(...ordered.map(([, rows]) => rows.length));
  return Array.from({ length: draws }, (_, draw) =>
    Uint32Array.from(
      ordered.flatMap(([group, rows]) => shuffle(stream(seed, 'dfr', draw, group), [...rows]).slice(0, size)),
    ),
  );
}

/** Means, and one over the deviations of the population; 0 where a column does not vary. */
function measure(features: ArrayLike<number>, columns: number) {
  const rows = features.length / columns;
  const means = new Float64Array(columns);
  const squares = new Float64Array(columns);
  for (let place = 0; place < features.length; place++) means[place % columns]! += features[place]! / rows;
  for (let place = 0; place < features.length; place++) {
    squares[place % columns]! += (features[place]! - means[place % columns]!) ** 2 / rows;
  }
  const scales = squares.map((square) => (square > 1e-14 ? 1 / Math.sqrt(square) : 0));
  return { means, scales };
}
