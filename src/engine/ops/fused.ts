import { conv2d, matMul, relu, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { fusedConvolution, fusedLinear } from '../kernels/names.js';
import { isAvailable, runKernel } from './available.js';
import { biasAdd } from './bias-add.js';

export type Activation = 'linear' | 'relu';

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
    const attributes = { strides: [stride, stride], pad: padding, activation };
    return runKernel(fusedConvolution, { x, filter: kernel, bias }, attributes);
  }
  return activate(biasAdd(conv2d(x as Tensor4D, kernel as Tensor4D, stride, padding), bias), activation);
}

/** The same for a matrix product: `x` `[batch, in]`, `kernel` `[in, out]`, `bias` `[out]` to `[batch, out]`. */
export function linear(x: Tensor, kernel: Tensor, bias: Tensor, activation: Activation = 'linear'): Tensor {
  if (isAvailable(fusedLinear)) return runKernel(fusedLinear, { x, kernel, bias }, { activation });
  return activate(biasAdd(matMul(x, kernel), bias), activation);
}

function activate(x: Tensor, activation: Activation): Tensor {
  return activation === 'relu' ? relu(x) : x;
}
