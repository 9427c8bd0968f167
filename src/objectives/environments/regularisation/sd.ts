import { mean, square } from '@tensorflow/tfjs-core';
import type { Loss } from '../../objective.js';
import { createWeighed } from '../penalised.js';
import { type EnvironmentHead, logitsOf } from '../risks.js';

/**
 * Spectral decoupling (Pezeshki, Kaba, Bengio, Courville, Precup & Lajoie, Gradient Starvation, NeurIPS 2021): the mean
 * risk + `numbers.strength` × the mean of all squared logits z,
 *
 *     R + λ mean_ik z_ik².
 *
 * Of `outputs.prediction` `[environments × examples, outputs]` and `batch.target` `[environments × examples, 1]`.
 */
export function createSd(of: EnvironmentHead): Loss {
  return createWeighed(of, (outputs) => mean(square(logitsOf(of, outputs))));
}
