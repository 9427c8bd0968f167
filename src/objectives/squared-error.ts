import { div, mul, type Scalar, squaredDifference, sum } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../engine/engine.js';

/**
 * Squared error summed over the targets, mean over the batch (Schott et al., ICLR 2022), of
 * `outputs.prediction` and `batch.target`, both `[batch, targets]`. With `batch.weight` `[batch]` it is the
 * weighted mean, so that examples of weight 0 (the padding of a short batch) do not count.
 */
export function squaredError(outputs: TensorMap, batch: TensorMap): Scalar {
  const prediction = outputs.prediction!;
  const perExample = sum(squaredDifference(prediction, batch.target!), 1);
  const { weight } = batch;
  if (weight === undefined) return div(sum(perExample), prediction.shape[0]!);
  return div(sum(mul(perExample, weight)), sum(weight));
}
