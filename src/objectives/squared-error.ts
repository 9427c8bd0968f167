import { div, type Scalar, squaredDifference, sum } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../engine/engine.js';

/**
 * Squared error summed over the targets, mean over the batch (Schott et al., ICLR 2022), of
 * `outputs.prediction` and `batch.target`, both `[batch, targets]`.
 */
export function squaredError(outputs: TensorMap, batch: TensorMap): Scalar {
  const prediction = outputs.prediction!;
  const perExample = sum(squaredDifference(prediction, batch.target!), 1);
  return div(sum(perExample), prediction.shape[0]!);
}
