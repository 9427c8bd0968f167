import type { Optimizer } from '../../engine/engine.js';
import { type AdamOptions, adamNumbers, adamUpdate } from '../../engine/ops/updates/adam-update.js';
import { type DecayOptions, isDecayed } from './decay.js';

/**
 * Adam with decay beside the gradient (Loshchilov and Hutter, 2019) as `torch.optim.AdamW` defines it: before
 * the update the parameter is multiplied by 1 - learning rate · decay. Slots `m` and `v`.
 */
export function createAdamW(options: AdamOptions & DecayOptions): Optimizer {
  const { beta1, beta2, weight_decay = 0 } = options;
  return {
    slots: ['m', 'v'],
    numbers: ({ learningRate }, step) => ({
      ...adamNumbers(options, learningRate, step),
      keep: 1 - learningRate * weight_decay,
    }),
    update(parameter, gradient, slots, { rate, offset, keep }, name) {
      const kept = isDecayed(parameter, options, name) ? keep : undefined;
      const numbers = { beta1, beta2, rate: rate!, offset: offset!, keep: kept };
      const [updated, m, v] = adamUpdate(parameter, gradient, slots.m!, slots.v!, numbers);
      return { parameter: updated, slots: { m, v } };
    },
  };
}
