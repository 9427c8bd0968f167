import type { Optimizer } from '../../engine/engine.js';
import { type AdamOptions, adamNumbers, adamUpdate } from '../../engine/ops/adam-update.js';

/** Adam (Kingma and Ba, 2015) as PyTorch defines it; slots `m` and `v`. */
export function createAdam(options: AdamOptions): Optimizer {
  const { beta1, beta2 } = options;
  return {
    slots: ['m', 'v'],
    numbers: ({ learningRate }, step) => adamNumbers(options, learningRate, step),
    update(parameter, gradient, slots, { rate, offset }) {
      const numbers = { beta1, beta2, rate: rate!, offset: offset! };
      const [updated, m, v] = adamUpdate(parameter, gradient, slots.m!, slots.v!, numbers);
      return { parameter: updated, slots: { m, v } };
    },
  };
}
