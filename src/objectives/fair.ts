import { add, mul, type Scalar, sigmoid, slice } from '@tensorflow/tfjs-core';
import type { Head } from '../variables/targets.js';
import { createCrossEntropy } from './cross-entropy.js';
import { measureGap, type Regulariser } from './group-gap.js';
import type { Loss } from './objective.js';

export interface FairOptions {
  /** What stands beside the cross-entropy: see `measureGap`. */
  readonly regulariser: Regulariser;
}

/**
 * Cross-entropy of the one binary target plus `numbers.strength` times how differently the batch's groups are answered,
 * by the means of sigmoid(f) in each (Lohaus et al., NeurIPS 2022): of `outputs.prediction` `[batch, outputs]`,
 * `batch.target` `[batch, targets]` and `batch.protected` `[batch]`, level indices of a variable of `groups` levels.
 */
export function createFair({ regulariser }: FairOptions, head: Head, groups: number): Loss {
  const crossEntropy = createCrossEntropy({ label_smoothing: 0 }, [head]);
  return (outputs, batch, numbers) => {
    const probability = sigmoid(slice(outputs.prediction!, [0, head.start], [-1, 1]));
    const truth = slice(batch.target!, [0, 0], [-1, 1]);
    const gap = measureGap({ probability, group: batch.protected!, truth, groups }, regulariser);
    return add<Scalar>(crossEntropy(outputs, batch), mul(gap, numbers.strength!));
  };
}
