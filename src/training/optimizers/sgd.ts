import type { Optimizer } from '../../engine/engine.js';
import { descentUpdate, momentumUpdate } from '../../engine/ops/updates/descent-update.js';
import { addDecay, type DecayOptions } from './decay.js';

export interface SgdOptions extends DecayOptions {
  readonly momentum: number;
  readonly nesterov: boolean;
}

/**
 * Stochastic gradient descent as `torch.optim.SGD` defines it, without dampening, with decay as a part of the
 * gradient; slot `momentum`, the running sum of the gradients, where there is momentum.
 */
export function createSgd(options: SgdOptions): Optimizer {
  const { momentum, nesterov, weight_decay = 0 } = options;
  const own = { decay: weight_decay, momentum };
  if (momentum === 0) {
    return {
      slots: [],
      numbers: () => own,
      update: (parameter, gradient, _, { learningRate, decay }, name) => ({
        parameter: descentUpdate(
          parameter,
          addDecay(parameter, gradient, decay!, options, name),
          learningRate!,
        ),
        slots: {},
      }),
    };
  }
  return {
    slots: ['momentum'],
    numbers: () => own,
    update(parameter, gradient, slots, numbers, name) {
      const decayed = addDecay(parameter, gradient, numbers.decay!, options, name);
      const [updated, buffer] = momentumUpdate(parameter, decayed, slots.momentum!, {
        rate: numbers.learningRate!,
        momentum: numbers.momentum!,
        nesterov,
      });
      return { parameter: updated, slots: { momentum: buffer } };
    },
  };
}
