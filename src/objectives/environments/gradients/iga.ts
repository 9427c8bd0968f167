import { add, addN, div, maximum, mul, sqrt, sub, type Tensor } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../../engine/engine.js';
import { sumOfSquares } from '../../../engine/ops/sum-all.js';
import type { Objective } from '../../objective.js';
import { environmentBatches } from '../environment-batches.js';
import type { EnvironmentHead } from '../risks.js';
import {
  combineGradients,
  meanOf,
  type RiskGradient,
  riskGradient,
  riskGradients,
  type Setting,
  subtract,
} from './environment-gradients.js';

/** How far parameters are moved to both sides, as a share of their norm. */
const reach = 2e-4;
/** Keeps a direction of nothing from being divided by. */
const tiny = 1e-30;

/**
 * Inter-environmental gradient alignment (Koyama & Yamaguchi, When is Invariance Useful in an Out-of-Distribution
 * Generalization Problem?, arXiv 2008.01883, 2020): the mean risk of the environments, plus how far the gradients g_e of
 * their risks in all weights lie from their mean g,
 *
 *     mean_e R_e + `numbers.strength` Σ_e |g_e − g|².
 *
 * The penalty's gradient is 2 Σ_e H_e (g_e − g), H_e the Hessian of R_e. Products with it are central differences of
 * gradients, [∇R_e(θ + s v) − ∇R_e(θ − s v)] / 2s, with a step s v of 2e-4 |θ|: three gradients for every environment and
 * no second derivative. They are exact to about 1e-3 of their size in float32; where a ReLU changes sides within the
 * step they see the kink, which automatic second derivatives leave out.
 */
export function createIga(of: EnvironmentHead): Objective {
  return {
    step(tools, state, batch, numbers, network) {
      const setting = { of, tools, network, numbers };
      const { parameters } = state;
      const each = riskGradients(setting, parameters, batch);
      const center = combineGradients(each, meanOf);
      const apart = each.map(({ gradients }) => subtract(gradients, center));
      const curved = environmentBatches(batch, of.environments).map((one, environment) =>
        hessianProduct(setting, parameters, one, apart[environment]!),
      );
      const slopes = combineGradients(curved, (one) => mul(addN([...one]), 2));
      const gradients = Object.fromEntries(
        Object.entries(center).map(([name, one]) => [name, add(one, mul(slopes[name]!, numbers.strength!))]),
      );
      const penalty = addN(apart.map(squaredNorm));
      return {
        ...tools.update(state, gradients, numbers),
        loss: add(meanOf(each.map(({ risk }) => risk)), mul(penalty, numbers.strength!)),
      };
    },
  };
}

/** The Hessian of an environment's risk times a direction, in all parameters that are trained. */
function hessianProduct(
  setting: Setting,
  parameters: TensorMap,
  batch: TensorMap,
  direction: TensorMap,
): Pick<RiskGradient, 'gradients'> {
  const trained = Object.fromEntries(Object.keys(direction).map((name) => [name, parameters[name]!]));
  const share = div(mul(sqrt(squaredNorm(trained)), reach), maximum(sqrt(squaredNorm(direction)), tiny));
  const moved = (by: Tensor): TensorMap => ({
    ...parameters,
    ...Object.fromEntries(
      Object.entries(direction).map(([name, one]) => [name, add(parameters[name]!, mul(one, by))]),
    ),
  });
  const [ahead, behind] = [moved(share), moved(mul(share, -1))].map(
    (at) => riskGradient(setting, at, batch).gradients,
  ) as [TensorMap, TensorMap];
  const width = maximum(mul(share, 2), tiny);
  return {
    gradients: Object.fromEntries(
      Object.entries(ahead).map(([name, one]) => [name, div(sub(one, behind[name]!), width)]),
    ),
  };
}

/** Of all tensors together; by name, since a checkpoint may give them back in another order, and sums would differ. */
function squaredNorm(tensors: TensorMap): Tensor {
  const names = Object.keys(tensors).sort();
  return addN(names.map((name) => sumOfSquares(tensors[name]!)));
}
