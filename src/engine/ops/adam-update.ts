import { add, div, engine, mul, sqrt, square, sub, type Tensor } from '@tensorflow/tfjs-core';
import { type AdamNumbers, adamKernel } from '../kernels/names.js';
import { isAvailable } from './available.js';

/**
 * One update of Adam (Kingma & Ba 2015) as PyTorch defines it, epsilon outside the corrected root:
 * m = β1 m + (1-β1) g, v = β2 v + (1-β2) g², p -= lr/(1-β1^t) · m / (√v / √(1-β2^t) + ε).
 * Returns the new parameter, m and v; not differentiable.
 */
export function adamUpdate(
  parameter: Tensor,
  gradient: Tensor,
  m: Tensor,
  v: Tensor,
  numbers: AdamNumbers,
): [Tensor, Tensor, Tensor] {
  const { learningRate, beta1, beta2, epsilon, step } = numbers;
  if (isAvailable(adamKernel)) {
    const updated = engine().runKernel(adamKernel, { parameter, gradient, m, v }, { ...numbers });
    return updated as [Tensor, Tensor, Tensor];
  }
  const mean = add(mul(m, beta1), mul(gradient, 1 - beta1));
  const variance = add(mul(v, beta2), mul(square(gradient), 1 - beta2));
  const root = add(div(sqrt(variance), Math.sqrt(1 - beta2 ** step)), epsilon);
  return [sub(parameter, mul(div(mean, root), learningRate / (1 - beta1 ** step))), mean, variance];
}
