import { conv2d, relu, reshape, selu, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { fusedConvolution, fusedLinear } from '../kernels/names.js';
import { biasAdd } from './bias-add.js';
import { gelu } from './gelu.js';
import { product } from './product.js';
import { isAvailable, runKernel } from './support/available.js';

export type Activation = 'linear' | 'relu' | 'gelu' | 'selu';

export interface ConvolutionOptions {
  /** Rows and columns between two places of the kernel. */
  readonly stride: number;
  readonly padding: 'same' | 'valid';
  readonly activation?: Activation;
}

/**
 * Convolution, bias and activation, in one kernel where there is one: `x` `[batch, height, width, in]`,
 * `kernel` `[height, width, in, out]`, `bias` `[out]` to `[batch, height', width', out]`.
 */
export function convolution(x: Tensor, kernel: Tensor, bias: Tensor, options: ConvolutionOptions): Tensor {
  const { stride, padding, activation = 'linear' } = options;
  if (isAvailable(fusedConvolution)) {
    const attributes = { strides: [stride, stride], pad: padding, activation: fused(activation) };
    return rest(runKernel(fusedConvolution, { x, filter: kernel, bias }, attributes), activation);
  }
  return activate(biasAdd(conv2d(x as Tensor4D, kernel as Tensor4D, stride, padding), bias), activation);
}

/**
 * The same for a matrix product: `x` `[..., in]`, `kernel` `[in, out]`, `bias` `[out]` or none to `[..., out]`.
 */
export function linear(
  x: Tensor,
  kernel: Tensor,
  bias: Tensor | undefined,
  activation: Activation = 'linear',
): Tensor {
  const rows = x.rank === 2 ? x : reshape(x, [-1, x.shape.at(-1)!]);
  const result = linearRows(rows, kernel, bias, activation);
  return x.rank === 2 ? result : reshape(result, [...x.shape.slice(0, -1), kernel.shape[1]!]);
}

function linearRows(x: Tensor, kernel: Tensor, bias: Tensor | undefined, activation: Activation): Tensor {
  if (bias === undefined) return activate(product(x, kernel), activation);
  if (isAvailable(fusedLinear)) {
    const attributes = { activation: fused(activation) };
    return rest(runKernel(fusedLinear, { x, kernel, bias }, attributes), activation);
  }
  return activate(biasAdd(product(x, kernel), bias), activation);
}

function activate(x: Tensor, activation: Activation): Tensor {
  return rest(activation === 'relu' ? relu(x) : x, activation);
}

/** The fused kernels know ReLU; what they leave to do follows them. */
function fused(activation: Activation): 'linear' | 'relu' {
  return activation === 'relu' ? 'relu' : 'linear';
}

function rest(x: Tensor, activation: Activation): Tensor {
  if (activation === 'gelu') return gelu(x);
  return activation === 'selu' ? selu(x) : x;
}
