import { matMul, mean, mul, slice, square, type Tensor, tensor2d } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../../engine/engine.js';
import type { Loss } from '../../objective.js';
import type { PenalisedOptions } from '../numbers.js';
import { createPenalised } from '../penalised.js';
import { type EnvironmentHead, scaleSlopes } from '../risks.js';

/** How the squared slope of an environment's risk is estimated from a batch. */
export type SlopeEstimator = 'halves' | 'whole';

export interface IrmOptions extends PenalisedOptions {
  /**
   * `halves`: the product of the slopes of the even and of the odd examples, which is unbiased, and may be negative
   * (appendix D of the paper; DomainBed); `whole`: the square of the slope of all (the paper's own experiments).
   */
  readonly estimator: SlopeEstimator;
}

/**
 * Invariant risk minimisation, IRMv1 (Arjovsky, Bottou, Gulrajani & Lopez-Paz, 2019, eq. IRMv1): the mean risk of the
 * environments, plus the mean over them of the squared slope of the risk in a factor s on the logits, at s = 1. Of
 * `outputs.prediction` `[environments × examples, outputs]` and `batch.target` `[environments × examples, 1]`.
 */
export function createIrm(options: IrmOptions, of: EnvironmentHead): Loss {
  return createPenalised(options, of, createIrmPenalty(options.estimator, of));
}

export function createIrmPenalty(
  estimator: SlopeEstimator,
  of: EnvironmentHead,
): (outputs: TensorMap, batch: TensorMap) => Tensor {
  return (outputs, batch) => {
    const slopes = scaleSlopes(of, outputs, batch);
    if (estimator === 'whole') return mean(square(mean(slopes, 1)));
    const halves = matMul(slopes, halfShares(slopes.shape[1]!));
    return mean(mul(slice(halves, [0, 0], [-1, 1]), slice(halves, [0, 1], [-1, 1])));
  };
}

/** `[examples, 2]`: an even example's share of the mean of all even ones, an odd example's of the odd ones. */
function halfShares(examples: number): Tensor {
  const even = Math.ceil(examples / 2);
  const odd = examples - even;
  const shares = Array.from({ length: examples }, (_, at) => (at % 2 === 0 ? [1 / even, 0] : [0, 1 / odd]));
  return tensor2d(shares, [examples, 2]);
}
