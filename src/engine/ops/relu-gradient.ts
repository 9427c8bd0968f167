import { mul, step, type Tensor } from '@tensorflow/tfjs-core';
import { reluGradient as kernelName } from '../kernels/names.js';
import { isAvailable, runKernel } from './available.js';

/** `dy` where `y`, the output of ReLU, is positive; else zero. */
export function reluGradient(dy: Tensor, y: Tensor): Tensor {
  return isAvailable(kernelName) ? runKernel(kernelName, { dy, y }) : mul(dy, step(y));
}
