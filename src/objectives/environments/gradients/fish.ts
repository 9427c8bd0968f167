import { add, mul, sub, type Tensor } from '@tensorflow/tfjs-core';
import type { Objective } from '../../objective.js';
import { environmentBatches } from '../environment-batches.js';
import type { EnvironmentHead } from '../risks.js';
import { riskGradient } from './environment-gradients.js';

/**
 * Fish (Shi, Seely, Torr, Siddharth, Hannun, Usunier & Synnaeve, Gradient Matching for Domain Generalization, ICLR 2022,
 * algorithm 1): a copy c of the weights θ makes one update of the optimiser on the risk of each environment, one after the
 * other; then θ ← θ + `numbers.meta_rate` (c − θ). As in DomainBed the environments come in their order and the optimiser
 * is that of the run, whose moments go on from step to step (the paper has a drawn order and plain gradient descent).
 * Its loss is the risk of the last environment before its update.
 */
export function createFish(of: EnvironmentHead): Objective {
  return {
    step(tools, state, batch, numbers, network) {
      let copied = state;
      let loss: Tensor | undefined;
      for (const [place, one] of environmentBatches(batch, of.environments).entries()) {
        const found = riskGradient({ of, tools, network, numbers }, copied.parameters, one);
        copied = tools.update(copied, found.gradients, numbers, place);
        loss = found.risk;
      }
      const moved = tools.trained.map((name) => {
        const [from, to] = [state.parameters[name]!, copied.parameters[name]!];
        return [name, add(from, mul(sub(to, from), numbers.meta_rate!))];
      });
      return {
        parameters: { ...state.parameters, ...Object.fromEntries(moved) },
        slots: copied.slots,
        loss: loss!,
      };
    },
  };
}
