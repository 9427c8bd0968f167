import type { Tensor } from '@tensorflow/tfjs-core';
import type { Optimizer, TensorMap, TrainerOptions } from '../engine.js';
import type { CallLog } from './calls.js';

/** The same step, which tells the log in which phase it is and where parameters and their gradients are. */
export function watchStep(options: TrainerOptions, log: () => CallLog): TrainerOptions {
  const { optimizer, loss } = options;
  const { transform } = optimizer;
  const noteGradients = (gradients: TensorMap) => {
    for (const [name, gradient] of Object.entries(gradients)) {
      log().gradients.set(log().idOf(gradient), name);
    }
  };
  const watched: Optimizer = {
    ...optimizer,
    update(parameter, gradient, slots, numbers, name, place) {
      beginUpdate(log(), parameter, gradient);
      return optimizer.update(parameter, gradient, slots, numbers, name, place);
    },
  };
  return {
    ...options,
    optimizer:
      transform === undefined
        ? watched
        : {
            ...watched,
            transform(gradients, numbers) {
              noteGradients(gradients);
              log().phase = 'update';
              return transform(gradients, numbers);
            },
          },
    loss(parameters, batch, numbers) {
      const current = log();
      for (const [name, tensor] of Object.entries(parameters)) {
        current.parameters.set(current.idOf(tensor), name);
      }
      for (const tensor of Object.values(batch)) current.batch.add(current.idOf(tensor));
      current.phase = 'forward';
      try {
        return loss(parameters, batch, numbers);
      } finally {
        current.phase = 'backward';
      }
    },
  };
}

/** The gradients are there when the first update begins. */
function beginUpdate(log: CallLog, parameter: Tensor, gradient: Tensor): void {
  const name = log.parameters.get(log.idOf(parameter));
  if (name !== undefined) log.gradients.set(log.idOf(gradient), name);
  log.phase = 'update';
}
