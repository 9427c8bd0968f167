import { mul, step, type Tensor } from '@tensorflow/tfjs-core';
import { reluGradient as kernelName, reluBiasGradientKernel } from '../kernels/names.js';
import { biasAddGradient } from './bias-add.js';
import { isAvailable, runKernel, runKernels } from './support/available.js';

/** `dy` where `y`, the output of ReLU, is positive; else zero. */
export function reluGradient(dy: Tensor, y: Tensor): Tensor {
  return isAvailable(kernelName) ? runKernel(kernelName, { dy, y }) : mul(dy, step(y));
}

/** The gradients `[..., n]` of what comes before a bias with ReLU after it, whose output is `y`, and `[n]` of the bias. */
export function reluBiasGradient(dy: Tensor, y: Tensor): readonly [Tensor, Tensor] {
  if (isAvailable(reluBiasGradientKernel)) {
    const [dx, bias] = runKernels(reluBiasGradientKernel, { dy, y });
    return [dx!, bias!];
  }
  const dx = reluGradient(dy, y);
  return [dx, biasAddGradient(dx)];
}
