import { fill, mul, ones, type Tensor } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../../engine/engine.js';
import { linear } from '../../../engine/ops/fused.js';
import { layerNorm } from '../../../engine/ops/norms/layer-norm.js';
import { moduleNorm } from '../../../engine/ops/norms/module-norm.js';
import { scaleEach } from '../../../engine/ops/scale-each.js';
import { pytorchUniform } from '../../layers/pytorch-uniform.js';
import type { ParameterSpec } from '../../model.js';

export interface ModulatedLinearOptions {
  readonly inputs: number;
  readonly outputs: number;
  /** Width of the codes; absent from a plain linear layer, which ignores them. */
  readonly codes?: number | undefined;
  readonly bias?: boolean;
}

/** α of ModFC at the start: how far a code bends the layer. */
const initialGain = 0.1;
const epsilon = 1e-5;

/**
 * `<name>/kernel` `[inputs, outputs]`, `/bias` `[outputs]` if wanted, and where codes modulate the layer
 * `/code/kernel` `[codes, inputs]` and the scalar `/gain`.
 */
export function modulatedLinearParameters(
  name: string,
  { inputs, outputs, codes, bias = false }: ModulatedLinearOptions,
): Readonly<Record<string, ParameterSpec>> {
  return {
    [`${name}/kernel`]: { shape: [inputs, outputs], initializer: pytorchUniform(inputs) },
    ...(bias && { [`${name}/bias`]: { shape: [outputs], initializer: { kind: 'constant', value: 0 } } }),
    ...(codes !== undefined && {
      [`${name}/code/kernel`]: { shape: [codes, inputs], initializer: pytorchUniform(codes) },
      [`${name}/gain`]: { shape: [], initializer: { kind: 'constant', value: initialGain } },
    }),
  };
}

/**
 * What the codes `[..., modules, width]` scale the inputs of a layer by: g(c) = 1 + α · LayerNorm(W_c c), `[...,
 * modules, inputs]`. Undefined for a layer that ignores codes. It does not depend on the examples, unless codes do.
 */
export function modulation(parameters: TensorMap, name: string, codes: Tensor): Tensor | undefined {
  const gain = parameters[`${name}/gain`];
  if (gain === undefined) return undefined;
  const kernel = parameters[`${name}/code/kernel`]!;
  const width = kernel.shape[1]!;
  // α and 1 are scale and shift of the norm, which has none of its own.
  return layerNorm(linear(codes, kernel, undefined), mul(fill([width], 1), gain), ones([width]), epsilon);
}

/**
 * What enters the layers `names`: `x` `[..., modules, inputs]`, normalised by the norm called `norm` and scaled by every
 * module's own modulation of that layer.
 */
export function modulatedInputs(
  parameters: TensorMap,
  norm: string,
  x: Tensor,
  names: readonly string[],
  codes: Tensor,
): Tensor[] {
  const [scale, shift] = [parameters[`${norm}/scale`]!, parameters[`${norm}/shift`]!];
  const factors = names.map((name) => modulation(parameters, name, codes));
  return moduleNorm(x, scale, shift, epsilon, factors);
}

/** The layer after its modulation. */
export function plainLinear(parameters: TensorMap, name: string, x: Tensor): Tensor {
  return linear(x, parameters[`${name}/kernel`]!, parameters[`${name}/bias`]);
}

/**
 * ModFC of Neural Attentive Circuits (Weiss et al., 2022): W(g(c) ⊙ x) + b, with one kernel for all modules and a code
 * for each. `x` `[..., modules, inputs]`, `codes` `[modules, width]` or with the batch axis of `x` in front, to
 * `[..., modules, outputs]`.
 */
export function modulatedLinear(parameters: TensorMap, name: string, x: Tensor, codes: Tensor): Tensor {
  const factor = modulation(parameters, name, codes);
  return plainLinear(parameters, name, factor === undefined ? x : scaleEach(x, factor));
}
