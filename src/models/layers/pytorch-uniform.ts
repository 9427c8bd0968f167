import type { Initializer } from '../model.js';

/**
 * The default of PyTorch's `Linear` and `Conv2d` for weights and biases alike: uniform in
 * ±1/sqrt(fanIn). (`kaiming_uniform_` with a = sqrt(5) comes to the same bound for weights.)
 */
export function pytorchUniform(fanIn: number): Initializer {
  return { kind: 'uniform', bound: 1 / Math.sqrt(fanIn) };
}
