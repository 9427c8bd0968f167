import type { Optimizer } from '../../engine/engine.js';
import { adamUpdate } from '../../engine/ops/adam-update.js';

export interface AdamOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** Adam (Kingma and Ba, 2015) as PyTorch defines it; slots `m` and `v`. */
export function createAdam({ beta1, beta2, epsilon }: AdamOptions): Optimizer {
  return {
    slots: ['m', 'v'],
    update(parameter, gradient, slots, { learningRate, step }) {
      const numbers = { learningRate, step, beta1, beta2, epsilon };
      const [updated, m, v] = adamUpdate(parameter, gradient, slots.m!, slots.v!, numbers);
      return { parameter: updated, slots: { m, v } };
    },
  };
}
