import { add, mul, neg, rsqrt, type Tensor } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../engine/engine.js';
import { type ConvolutionOptions, convolution } from '../../engine/ops/fused.js';
import type { ParameterSpec } from '../model.js';
import { normParameters } from './layer-norm.js';

/**
 * `<name>/scale`, `<name>/shift`, `<name>/mean` and `<name>/variance`, all `[width]`: a batch norm as it is evaluated. The
 * last two are no statistics of batches here: they are what a file of weights says, or 0 and 1, and training leaves them.
 */
export function frozenNormParameters(name: string, width: number): Readonly<Record<string, ParameterSpec>> {
  const fixed = (value: number): ParameterSpec => ({
    shape: [width],
    initializer: { kind: 'constant', value },
    trained: false,
  });
  return { ...normParameters(name, width), [`${name}/mean`]: fixed(0), [`${name}/variance`]: fixed(1) };
}

/**
 * A convolution without bias and the frozen batch norm behind it, with PyTorch's epsilon: `[batch, height, width, in]` to
 * `[batch, height', width', out]`. The norm is a factor and a term of each channel, so it becomes part of the kernel and a
 * bias, and costs no pass over the images.
 */
export function normalisedConvolution(
  parameters: TensorMap,
  { conv, norm }: { readonly conv: string; readonly norm: string },
  x: Tensor,
  options: ConvolutionOptions,
  epsilon = 1e-5,
): Tensor {
  const of = (part: string) => parameters[`${norm}/${part}`]!;
  const factor = mul(of('scale'), rsqrt(add(of('variance'), epsilon)));
  const bias = add(of('shift'), mul(neg(of('mean')), factor));
  return convolution(x, mul(parameters[`${conv}/kernel`]!, factor), bias, options);
}
