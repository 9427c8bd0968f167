import { mean, mul, square, sub, type Tensor } from '@tensorflow/tfjs-core';
import type { Loss } from '../../objective.js';
import type { PenalisedOptions } from '../numbers.js';
import { createPenalised } from '../penalised.js';
import { type EnvironmentHead, risks } from '../risks.js';

export interface VrexOptions extends PenalisedOptions {
  /**
   * `variance` of the risks over the environments (DomainBed), or the mean over their pairs of the `squared_differences`,
   * of two environments (R1 − R2)²: the variance × 2E / (E − 1).
   */
  readonly spread: 'variance' | 'squared_differences';
}

/**
 * Risk extrapolation, V-REx (Krueger et al., ICML 2021, eq. 8): the mean risk of the environments, plus how far their
 * risks are apart. Of `outputs.prediction` `[environments × examples, outputs]` and `batch.target`
 * `[environments × examples, 1]`.
 */
export function createVrex(options: VrexOptions, of: EnvironmentHead): Loss {
  const count = of.environments;
  const times = options.spread === 'variance' ? 1 : (2 * count) / (count - 1);
  return createPenalised(options, of, (outputs, batch): Tensor => {
    const each = risks(of, outputs, batch);
    return mul(mean(square(sub(each, mean(each)))), times);
  });
}
