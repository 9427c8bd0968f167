import { concat, fill, mul, ones, reshape, type Tensor, tile, transpose, zeros } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../../engine/engine.js';
import { linear } from '../../../engine/ops/fused.js';
import { layerNorm } from '../../../engine/ops/norms/layer-norm.js';
import { pytorchUniform } from '../../layers/pytorch-uniform.js';
import type { ParameterSpec } from '../../model.js';

export interface ModLinOptions {
  readonly inputs: number;
  readonly outputs: number;
  /** Width of the codes. */
  readonly codes: number;
  readonly bias?: boolean;
}

const epsilon = 1e-5;

/** `<name>/kernel` `[inputs, outputs]`, `/code/kernel` `[codes, inputs]`, and `/bias` `[outputs]` unless told. */
export function modLinParameters(
  name: string,
  { inputs, outputs, codes, bias = true }: ModLinOptions,
): Readonly<Record<string, ParameterSpec>> {
  return {
    [`${name}/kernel`]: { shape: [inputs, outputs], initializer: pytorchUniform(inputs) },
    [`${name}/code/kernel`]: { shape: [codes, inputs], initializer: pytorchUniform(codes) },
    ...(bias && { [`${name}/bias`]: { shape: [outputs], initializer: { kind: 'constant', value: 0 } } }),
  };
}

/**
 * ModLin of Neural Interpreters (Rahaman et al., 2021) is W(x ⊙ LN(W_c c)) + b: one kernel for all functions, and this
 * is what the code of each scales its inputs by, `[functions, inputs]`. The norm has neither scale nor shift.
 */
export function modulation(parameters: TensorMap, name: string, codes: Tensor): Tensor {
  const kernel = parameters[`${name}/code/kernel`]!;
  const width = kernel.shape[1]!;
  return layerNorm(linear(codes, kernel, undefined), ones([width]), zeros([width]), epsilon);
}

/** A linear layer: a kernel `[inputs, outputs]` and perhaps a bias. */
export interface Layer {
  readonly kernel: Tensor;
  readonly bias: Tensor | undefined;
}

/**
 * The same layer for every function, side by side: `[inputs, functions · outputs]`, with what a function's code scales
 * inputs by in its part. One product then gives all functions' results of what they have in common.
 */
export function sideBySide({ kernel, bias }: Layer, factor: Tensor): Layer {
  const [inputs, outputs] = kernel.shape as [number, number];
  const functions = factor.shape[0]!;
  const own = mul(reshape(transpose(factor), [inputs, functions, 1]), reshape(kernel, [inputs, 1, outputs]));
  return {
    kernel: reshape(own, [inputs, functions * outputs]),
    bias: bias && tile(bias, [functions]),
  };
}

/** The layer called `name` without its modulation. */
export function plainLayer(parameters: TensorMap, name: string): Layer {
  return { kernel: parameters[`${name}/kernel`]!, bias: parameters[`${name}/bias`] };
}

/**
 * `x` `[rows, heads · width]` with one more number per head, `[rows, heads · (width + 1)]`, that is the same everywhere.
 */
export function widenHeads(x: Tensor, heads: number, last: number): Tensor {
  const [rows, inner] = x.shape as [number, number];
  const parts = [reshape(x, [rows * heads, inner / heads]), fill([rows * heads, 1], last)];
  return reshape(concat(parts, 1), [rows, inner + heads]);
}
