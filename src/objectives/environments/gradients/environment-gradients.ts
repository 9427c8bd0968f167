import { addN, div, mean, type Scalar, sub, type Tensor } from '@tensorflow/tfjs-core';
import type { Quantities, StepTools, TensorMap } from '../../../engine/engine.js';
import type { Network } from '../../objective.js';
import { environmentBatches } from '../environment-batches.js';
import { type EnvironmentHead, exampleLosses } from '../risks.js';

/** What a step of a network is computed from. */
export interface Setting {
  readonly of: EnvironmentHead;
  readonly tools: StepTools;
  readonly network: Network;
  readonly numbers: Quantities;
}

/** Risk of one environment, and its gradient in all parameters that are trained. */
export interface RiskGradient {
  readonly risk: Tensor;
  readonly gradients: TensorMap;
}

/** Of one environment's batch, at any values of the parameters. */
export function riskGradient(
  { of, tools, network, numbers }: Setting,
  parameters: TensorMap,
  batch: TensorMap,
): RiskGradient {
  const one = { ...of, environments: 1 };
  const { value, gradients } = tools.differentiate(tools.trained, parameters, (current) =>
    mean<Scalar>(exampleLosses(one, network.apply(current, batch, numbers), batch)),
  );
  return { risk: value, gradients };
}

/** Of every environment, one after the other. */
export function riskGradients(setting: Setting, parameters: TensorMap, batch: TensorMap): RiskGradient[] {
  return environmentBatches(batch, setting.of.environments).map((one) =>
    riskGradient(setting, parameters, one),
  );
}

export function meanOf(tensors: readonly Tensor[]): Tensor {
  return div(addN([...tensors]), tensors.length);
}

/** Of each parameter, what a function makes of its gradients in all environments. */
export function combineGradients(
  each: readonly Pick<RiskGradient, 'gradients'>[],
  combine: (gradients: readonly Tensor[]) => Tensor,
): TensorMap {
  const names = Object.keys(each[0]!.gradients);
  return Object.fromEntries(
    names.map((name) => [name, combine(each.map(({ gradients }) => gradients[name]!))]),
  );
}

/** a − b, by name. */
export function subtract(a: TensorMap, b: TensorMap): TensorMap {
  return Object.fromEntries(Object.entries(a).map(([name, tensor]) => [name, sub(tensor, b[name]!)]));
}
