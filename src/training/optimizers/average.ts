import { add, mul, sub } from '@tensorflow/tfjs-core';
import type { Optimizer } from '../../engine/engine.js';

export interface AverageOptions {
  /** What an update leaves of the average, or `mean`: that of all since it began, each as much; null keeps none. */
  readonly decay: number | 'mean' | null;
  /** Updates before the average begins. */
  readonly start: number;
}

/**
 * Keeps a running mean of every trained parameter in the slot `average`, which inference then uses
 * (`torch.optim.swa_utils` with `get_ema_multi_avg_fn`): equal to the parameter up to the first update after
 * `start`, then average += (1 - decay) · (parameter - average), for a mean 1 / (updates since `start`) in place of
 * 1 - decay (`get_swa_avg_fn`).
 */
export function averageParameters(optimizer: Optimizer, { decay, start }: AverageOptions): Optimizer {
  if (decay === null) return optimizer;
  return {
    ...optimizer,
    slots: [...optimizer.slots, 'average'],
    averageSlot: 'average',
    numbers: (inputs, step) => ({
      ...optimizer.numbers(inputs, step),
      averageShare: step <= start + 1 ? 1 : decay === 'mean' ? 1 / (step - start) : 1 - decay,
    }),
    update(parameter, gradient, slots, numbers, name, place) {
      const updated = optimizer.update(parameter, gradient, slots, numbers, name, place);
      return { parameter: updated.parameter, slots: { ...updated.slots, average: slots.average! } };
    },
    follow(parameter, { average }, { averageShare }) {
      return { average: add(average!, mul(sub(parameter, average!), averageShare!)) };
    },
  };
}
