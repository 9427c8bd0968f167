import { add, reshape, sum, type Tensor } from '@tensorflow/tfjs-core';
import { biasAddGradient as gradientName, biasAdd as kernelName } from '../kernels/names.js';
import { isAvailable, runKernel } from './support/available.js';

/** `x` `[..., n]` plus `bias` `[n]` in every row. */
export function biasAdd(x: Tensor, bias: Tensor): Tensor {
  return isAvailable(kernelName) ? runKernel(kernelName, { x, bias }) : add(x, bias);
}

/** The gradient of `bias`: `dy` `[..., n]` summed to `[n]`. */
export function biasAddGradient(dy: Tensor): Tensor {
  if (isAvailable(gradientName)) return runKernel(gradientName, { dy });
  return sum(reshape(dy, [-1, dy.shape.at(-1)!]), 0);
}
