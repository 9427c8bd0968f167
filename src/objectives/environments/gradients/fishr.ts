import {
  add,
  concat,
  div,
  matMul,
  mean,
  mul,
  ones,
  reshape,
  square,
  sub,
  type Tensor,
} from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../../engine/engine.js';
import type { Objective } from '../../objective.js';
import { statePrefix } from '../../own-parameters.js';
import type { PenalisedOptions } from '../numbers.js';
import { addPenalty } from '../penalised.js';
import { byEnvironment, type EnvironmentHead, excess, risks } from '../risks.js';

const running = `${statePrefix}gradient-variances`;

/**
 * Fishr (Ramé, Dancette & Cord, ICML 2022): the mean risk of the environments, plus how far apart they are in the variances
 * over examples of the gradients of the linear read-out, kernel and bias,
 *
 *     R + λ mean_e mean_k (v_ek − v̄_k)²,
 *
 * λ being 0 before the penalty begins. v_e is a running mean over steps, m ← ε m + (1 − ε) variance from 0, divided by
 * 1 − ε; a gradient reaches this step's part of it alone. `numbers.ema` is ε.
 *
 * An example's gradient is (p − y) hᵀ, so that its variance is mean((p − y)² ⊗ h²) − mean((p − y) ⊗ h)²: no example's
 * gradient is made, and first derivatives are enough.
 * @param width Of the features.
 */
export function createFishr(options: PenalisedOptions, of: EnvironmentHead, width: number): Objective {
  const shape = [of.environments, (width + 1) * of.head.width];
  return {
    state: { [running]: { shape, initializer: { kind: 'constant', value: 0 } } },
    loss(outputs, batch, numbers, within) {
      const fresh = sub(1, numbers.ema!);
      const variances = reshape(gradientVariances(of, outputs, batch), shape);
      const moving = add(mul(within.state[running]!, numbers.ema!), mul(variances, fresh));
      const each = div(moving, fresh);
      const penalty = mean(square(sub(each, mean(each, 0, true))));
      const risk = mean(risks(of, outputs, batch));
      return {
        loss: addPenalty(options, risk, penalty, numbers, within),
        statistics: { [running]: moving },
      };
    },
  };
}

/** `[environments, width + 1, outputs]`: of the kernel, and in the last row of the bias. */
function gradientVariances(of: EnvironmentHead, outputs: TensorMap, batch: TensorMap): Tensor {
  const features = outputs.features!;
  const rows = features.shape[0]!;
  const inputs = byEnvironment(of, concat([features, ones([rows, 1])], 1));
  const slopes = byEnvironment(of, excess(of, outputs, batch));
  const examples = rows / of.environments;
  const means = div(matMul(inputs, slopes, true), examples);
  return sub(div(matMul(square(inputs), square(slopes), true), examples), square(means));
}
