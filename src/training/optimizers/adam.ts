import type { Optimizer } from '../../engine/engine.js';
import { type AdamOptions, adamNumbers, adamUpdate } from '../../engine/ops/updates/adam-update.js';
import { addDecay, type DecayOptions } from './decay.js';

/**
 * Adam (Kingma and Ba, 2015) as `torch.optim.Adam` defines it, with decay as a part of the gradient; slots `m`
 * and `v`.
 */
export function createAdam(options: AdamOptions & DecayOptions): Optimizer {
  const { beta1, beta2, weight_decay = 0 } = options;
  return {
    slots: ['m', 'v'],
    numbers: ({ learningRate }, step) => ({
      ...adamNumbers(options, learningRate, step),
      decay: weight_decay,
    }),
    update(parameter, gradient, slots, { rate, offset, decay }, name) {
      const decayed = addDecay(parameter, gradient, decay!, options, name);
      const numbers = { beta1, beta2, rate: rate!, offset: offset! };
      const [updated, m, v] = adamUpdate(parameter, decayed, slots.m!, slots.v!, numbers);
      return { parameter: updated, slots: { m, v } };
    },
  };
}
