import { addN, div, mean, mul, type Scalar, square, sub, sum, type Tensor } from '@tensorflow/tfjs-core';
import type { Loss } from '../../objective.js';
import type { PenalisedOptions } from '../numbers.js';
import { createPenalised } from '../penalised.js';
import { byEnvironment, type EnvironmentHead, risks } from '../risks.js';
import { createIrmPenalty, type SlopeEstimator } from './irm.js';

/**
 * IB-ERM (Ahuja, Caballero, Zhang, Gagnon-Audet, Bengio, Mitliagkas & Rish, Invariance Principle Meets Information
 * Bottleneck, NeurIPS 2021): the mean risk of the environments, plus how much their features vary,
 *
 *     mean_e [R_e + λ mean_j Var_e(h_j)],
 *
 * with unbiased variances; λ is 0 before the penalty begins. Of `outputs.features` `[environments × examples, width]`
 * besides prediction and target.
 */
export function createIbErm(options: PenalisedOptions, of: EnvironmentHead): Loss {
  return createPenalised(options, of, ({ features }) => featureVariance(of, features!));
}

/**
 * IB-IRM, of the same paper: the same with IRM's penalty beside it, each with a weight of its own, `numbers.strength` and
 * `numbers.bottleneck`.
 */
export function createIbIrm(
  { estimator }: { readonly estimator: SlopeEstimator },
  of: EnvironmentHead,
): Loss {
  const slopes = createIrmPenalty(estimator, of);
  return (outputs, batch, numbers) => {
    return addN([
      mean<Scalar>(risks(of, outputs, batch)),
      mul<Scalar>(slopes(outputs, batch), numbers.strength!),
      mul<Scalar>(featureVariance(of, outputs.features!), numbers.bottleneck!),
    ]);
  };
}

/** The unbiased variance of the features of an environment, mean over features and environments. */
function featureVariance(of: EnvironmentHead, features: Tensor): Tensor {
  const each = byEnvironment(of, features);
  const squares = sum(square(sub(each, mean(each, 1, true))), 1);
  return mean(div(squares, each.shape[1]! - 1));
}
