import { abs, add, addN, div, mul, sub, type Tensor } from '@tensorflow/tfjs-core';
import type { Objective } from '../../objective.js';
import { drawn } from '../draws.js';
import { environmentAt } from '../environment-batches.js';
import type { EnvironmentHead } from '../risks.js';
import { riskGradient } from './environment-gradients.js';

export interface MldgOptions {
  /** How many environments of a step are for the meta-test; fewer than there are. */
  readonly tests: number;
}

/** Of the inner step, as PyTorch's Adam has it. */
const epsilon = 1e-8;

/**
 * Meta-learning for domain generalisation (Li, Yang, Song & Hospedales, AAAI 2018), first order, as in DomainBed. Of the
 * environments in the order `draws/order` the last `tests` are for the meta-test; each other one, i, goes with one of
 * these, j, in turn. The optimiser's update is along
 *
 *     Σ_(i, j) [∇R_i(θ) + β ∇R_j(θ')] / E,
 *
 * θ' being θ after the first step of an Adam on R_i at the run's rate, r g / (|g| + 1e-8), and β `numbers.beta`. The sum
 * has E − `tests` pairs, and is divided by E none the less. Its loss is the same sum of risks.
 */
export function createMldg({ tests }: MldgOptions, of: EnvironmentHead): Objective {
  const { environments } = of;
  return {
    step(tools, state, batch, numbers, network) {
      const setting = { of, tools, network, numbers };
      const { parameters } = state;
      const order = batch[drawn.order]!;
      const at = (place: number) => environmentAt(batch, environments, order, place);
      const share = (tensor: Tensor, weight: Tensor | number = 1) => div(mul(tensor, weight), environments);
      const pairs = Array.from({ length: environments - tests }, (_, place) => {
        const first = riskGradient(setting, parameters, at(place));
        const inner = Object.entries(first.gradients).map(([name, gradient]) => {
          const change = mul(div(gradient, add(abs(gradient), epsilon)), numbers.learningRate!);
          return [name, sub(parameters[name]!, change)];
        });
        const after = { ...parameters, ...Object.fromEntries(inner) };
        const second = riskGradient(setting, after, at(environments - tests + (place % tests)));
        return [first, second] as const;
      });
      const gradients = tools.trained.map((name) => [
        name,
        addN(
          pairs.flatMap(([first, second]) => [
            share(first.gradients[name]!),
            share(second.gradients[name]!, numbers.beta!),
          ]),
        ),
      ]);
      const risks = pairs.flatMap(([first, second]) => [
        share(first.risk),
        share(second.risk, numbers.beta!),
      ]);
      return { ...tools.update(state, Object.fromEntries(gradients), numbers), loss: addN(risks) };
    },
  };
}
