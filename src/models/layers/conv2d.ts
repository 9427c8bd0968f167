import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../engine/engine.js';
import { type ConvolutionOptions, convolution } from '../../engine/ops/fused.js';
import type { ParameterSpec } from '../model.js';
import { pytorchUniform } from './pytorch-uniform.js';

/**
 * `<name>/kernel` `[size, size, inputs, outputs]` and `<name>/bias` `[outputs]`, starting as PyTorch's
 * `Conv2d`.
 */
export function conv2dParameters(
  name: string,
  size: number,
  inputs: number,
  outputs: number,
): Readonly<Record<string, ParameterSpec>> {
  const initializer = pytorchUniform(size * size * inputs);
  return {
    [`${name}/kernel`]: { shape: [size, size, inputs, outputs], initializer },
    [`${name}/bias`]: { shape: [outputs], initializer },
  };
}

/**
 * Convolution, bias and activation: `[batch, height, width, inputs]` to `[batch, height', width', outputs]`.
 * With a 4x4 kernel, stride 2 and even sizes, the padding `same` is PyTorch's `padding=1`.
 */
export function conv2d(parameters: TensorMap, name: string, x: Tensor, options: ConvolutionOptions): Tensor {
  return convolution(x, parameters[`${name}/kernel`]!, parameters[`${name}/bias`]!, options);
}
