import { HeldoutError } from '../../core/errors.js';
import { type Matrix, multiply } from '../probes/matrix.js';
import type { ScoreOptions, Scorer, TrainReading } from './scores.js';

/** Rows that are compared with all of training at once. */
const chunk = 128;

/**
 * Minus the distance from the k-th nearest training example, of features that were brought to length 1 (Sun et al. 2022,
 * arXiv 2204.06507). Throws HeldoutError where training has fewer examples.
 */
export function fitNeighbours({ features }: TrainReading, { neighbours }: ScoreOptions): Scorer {
  const train = bringToLengthOne(features!);
  if (neighbours > train.rows) {
    throw new HeldoutError({
      code: 'E_DETECTION_NEIGHBOURS',
      message: `there is no neighbour ${neighbours} among ${train.rows} training examples`,
      place: 'evaluation.ood_detection.neighbours',
      hints: [`+evaluation.ood_detection.neighbours=${train.rows}`, 'raise evaluation.train_examples'],
    });
  }
  const coefficients = Float64Array.from(train.data);
  return ({ features: read }) => {
    const { data, rows, columns } = bringToLengthOne(read!);
    const scores = new Float64Array(rows);
    for (let start = 0; start < rows; start += chunk) {
      const count = Math.min(chunk, rows - start);
      const products = new Float64Array(count * train.rows);
      const part = { data: data.subarray(start * columns, (start + count) * columns), rows: count, columns };
      multiply(part, coefficients, products);
      for (let row = 0; row < count; row++) {
        const own = products.subarray(row * train.rows, (row + 1) * train.rows);
        // Of two vectors of length 1 the squared distance is 2 - 2 cos; zeros have no direction, and are at distance 1.
        const closest = own.sort()[train.rows - neighbours]!;
        scores[start + row] = -Math.sqrt(Math.max(0, 2 - 2 * closest));
      }
    }
    return scores;
  };
}

function bringToLengthOne({ data, rows, columns }: Matrix): Matrix {
  const out = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    let square = 0;
    for (let at = row * columns; at < (row + 1) * columns; at++) square += data[at]! ** 2;
    if (square === 0) continue;
    const length = Math.sqrt(square);
    for (let at = row * columns; at < (row + 1) * columns; at++) out[at] = data[at]! / length;
  }
  return { data: out, rows, columns };
}
