import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../engine/engine.js';
import { type Activation, linear } from '../../engine/ops/fused.js';
import type { ParameterSpec } from '../model.js';
import { pytorchUniform } from './pytorch-uniform.js';

/** `<name>/kernel` `[inputs, outputs]` and `<name>/bias` `[outputs]`, starting as PyTorch's `Linear`. */
export function denseParameters(
  name: string,
  inputs: number,
  outputs: number,
): Readonly<Record<string, ParameterSpec>> {
  const initializer = pytorchUniform(inputs);
  return {
    [`${name}/kernel`]: { shape: [inputs, outputs], initializer },
    [`${name}/bias`]: { shape: [outputs], initializer },
  };
}

/** `[batch, inputs]` to `[batch, outputs]`: activation(x · kernel + bias). */
export function dense(parameters: TensorMap, name: string, x: Tensor, activation: Activation): Tensor {
  return linear(x, parameters[`${name}/kernel`]!, parameters[`${name}/bias`]!, activation);
}
