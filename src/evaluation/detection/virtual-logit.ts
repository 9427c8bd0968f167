import { decompose } from '../../analysis/transfer/statistics/eigen.js';
import { solveSymmetric } from '../../analysis/transfer/statistics/linear-system.js';
import { type Matrix, multiply } from '../probes/matrix.js';
import { secondMoments } from './mahalanobis.js';
import { logSumExp, scoreRows } from './score-rows.js';
import type { Scorer, TrainReading } from './scores.js';

/**
 * Virtual-logit matching (ViM; Wang et al. 2022, arXiv 2203.10807): the energy of the logits, less the length of what the
 * features have outside of the principal space of training, about the origin at which all logits are 0; that length is
 * scaled so that its mean in training is that of the largest logit. The principal space has half of the dimensions, 512
 * from 768 dimensions on, 1000 from 2048 on.
 */
export function fitVirtualLogit({ features, logits, readOut }: TrainReading): Scorer {
  const { data, rows, columns } = features!;
  const { kernel, bias } = readOut!;
  const origin = findOrigin(kernel, bias, columns);
  const centred = Float64Array.from(data, (value, at) => value - origin[at % columns]!);
  const { vectors } = decompose(secondMoments(centred, rows, columns), columns);
  const residual = vectors.subarray(principal(columns) * columns);
  const lengths = (read: Matrix): Float64Array => {
    const outputs = residual.length / columns;
    const shifted = Float32Array.from(read.data, (value, at) => value - origin[at % columns]!);
    const outside = new Float64Array(read.rows * outputs);
    multiply({ ...read, data: shifted }, residual, outside);
    return Float64Array.from({ length: read.rows }, (_, row) =>
      Math.hypot(...outside.subarray(row * outputs, (row + 1) * outputs)),
    );
  };
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const length = mean(lengths(features!));
  // Features that never leave the principal space in training say nothing beside the logits.
  const scale = length > 0 ? mean(scoreRows(logits, (row) => Math.max(...row))) / length : 0;
  return (reading) => {
    const energies = scoreRows(reading.logits, logSumExp);
    const beyond = lengths(reading.features!);
    return energies.map((energy, row) => energy - scale * beyond[row]!);
  };
}

function principal(columns: number): number {
  return columns >= 2048 ? 1000 : columns >= 768 ? 512 : Math.floor(columns / 2);
}

/** The shortest features `[columns]` whose logits are all 0: - W (WᵀW)⁺ b. */
function findOrigin(kernel: ArrayLike<number>, bias: ArrayLike<number>, columns: number): Float64Array {
  const classes = bias.length;
  const gram = new Float64Array(classes * classes);
  for (let one = 0; one < classes; one++) {
    for (let other = 0; other < classes; other++) {
      for (let at = 0; at < columns; at++) {
        gram[one * classes + other]! += kernel[at * classes + one]! * kernel[at * classes + other]!;
      }
    }
  }
  const { x } = solveSymmetric(gram, bias, classes);
  return Float64Array.from({ length: columns }, (_, at) => {
    let sum = 0;
    for (let of = 0; of < classes; of++) sum -= kernel[at * classes + of]! * x[of]!;
    return sum;
  });
}
