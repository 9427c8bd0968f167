import { add, mul, sub } from '@tensorflow/tfjs-core';
import type { Optimizer } from '../../engine/engine.js';
import { segmentSlot } from './restart.js';

export interface AverageOptions {
  /** What an update leaves of the average, or `mean`: that of all since it began, each as much; null keeps none. */
  readonly decay: number | 'mean' | null;
  /** Updates before the average begins. */
  readonly start: number;
  /**
   * Updates after which the mean begins anew. It then lies in the slot `segment`, for whoever puts segments together, and
   * inference uses the parameters.
   */
  readonly every?: number;
}

/**
 * Keeps a running mean of every trained parameter in the slot `average`, which inference then uses
 * (`torch.optim.swa_utils` with `get_ema_multi_avg_fn`): equal to the parameter up to the first update after
 * `start`, then average += (1 - decay) · (parameter - average), for a mean 1 / (updates since `start`) in place of
 * 1 - decay (`get_swa_avg_fn`).
 */
export function averageParameters(optimizer: Optimizer, { decay, start, every }: AverageOptions): Optimizer {
  if (decay === null) return optimizer;
  const slot = every === undefined ? 'average' : segmentSlot;
  const shareAt = (step: number): number => {
    if (every !== undefined) return 1 / (((step - 1) % every) + 1);
    if (step <= start + 1) return 1;
    return decay === 'mean' ? 1 / (step - start) : 1 - decay;
  };
  return {
    ...optimizer,
    slots: [...optimizer.slots, slot],
    ...(every === undefined && { averageSlot: slot }),
    numbers: (inputs, step) => ({
      ...optimizer.numbers(inputs, step),
      averageShare: shareAt(step),
    }),
    update(parameter, gradient, slots, numbers, name, place) {
      const updated = optimizer.update(parameter, gradient, slots, numbers, name, place);
      return { parameter: updated.parameter, slots: { ...updated.slots, [slot]: slots[slot]! } };
    },
    follow(parameter, { [slot]: average }, { averageShare }) {
      return { [slot]: add(average!, mul(sub(parameter, average!), averageShare!)) };
    },
  };
}
