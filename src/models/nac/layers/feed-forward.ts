import { add, slice, type Tensor } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../../engine/engine.js';
import { linear } from '../../../engine/ops/fused.js';
import { geglu } from '../../../engine/ops/geglu.js';
import { normParameters } from '../../layers/layer-norm.js';
import type { ParameterSpec } from '../../model.js';
import { modulatedInputs, modulatedLinearParameters, modulation, plainLinear } from './modulated-linear.js';
import { type Branch, finishBranch, layerScaleParameters } from './residual.js';

export interface FeedForwardOptions {
  /** Width of the states. */
  readonly width: number;
  /** Width of the hidden layer, in widths of the states; it is rounded to whole units. */
  readonly expansion: number;
  readonly codes: number | undefined;
  readonly layerScale: number | null;
}

/** `<name>/{norm,in,out}`; `in` makes values, then gates. */
export function feedForwardParameters(
  name: string,
  { width, expansion, codes, layerScale }: FeedForwardOptions,
): Readonly<Record<string, ParameterSpec>> {
  const hidden = Math.round(expansion * width);
  return {
    ...normParameters(`${name}/norm`, width),
    ...modulatedLinearParameters(`${name}/in`, { inputs: width, outputs: 2 * hidden, codes, bias: true }),
    ...modulatedLinearParameters(`${name}/out`, { inputs: hidden, outputs: width, codes, bias: true }),
    ...layerScaleParameters(name, width, layerScale),
  };
}

/**
 * ModFFN: θ + ModFC(GEGLU(ModFC(LN(θ); c)); c), where both layers take the module's code. `states` `[..., modules,
 * width]`. Values and gates come from the two halves of one kernel, which is smaller to cut than what it makes.
 */
export function feedForward(
  parameters: TensorMap,
  name: string,
  states: Tensor,
  codes: Tensor,
  branch: Branch,
): Tensor {
  const [scaled] = modulatedInputs(parameters, `${name}/norm`, states, [`${name}/in`], codes);
  const kernel = parameters[`${name}/in/kernel`]!;
  const bias = parameters[`${name}/in/bias`]!;
  const [inputs, both] = kernel.shape as [number, number];
  const hidden = both / 2;
  const [value, gate] = [0, hidden].map((from) =>
    linear(scaled!, slice(kernel, [0, from], [inputs, hidden]), slice(bias, [from], [hidden])),
  );
  const active = geglu(value!, gate!, modulation(parameters, `${name}/out`, codes));
  const out = plainLinear(parameters, `${name}/out`, active);
  return add(states, finishBranch(parameters, name, out, branch));
}
