import {
  add,
  addN,
  cast,
  div,
  equal,
  max,
  maximum,
  mean,
  min,
  minimum,
  mul,
  type Scalar,
  sqrt,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';
import type { Quantities, TensorMap } from '../../../engine/engine.js';
import { detached } from '../../../engine/ops/detached.js';
import { sumOfSquares } from '../../../engine/ops/sum-all.js';
import { dense, denseParameters } from '../../../models/layers/dense.js';
import type { Objective } from '../../objective.js';
import { isReadOut, partsNamed, readOutPrefix } from '../../part-names.js';
import { type EnvironmentHead, exampleLosses, risks } from '../risks.js';

export interface TransferOptions {
  /** Steps of the adversary in each one of the network. */
  readonly adversary_steps: number;
  /**
   * What the optimiser trains. With `gda` DomainBed gives it the adversary alone, which the same step sets back: then
   * nothing is trained.
   */
  readonly trains: 'network' | 'adversary';
}

const adversary = partsNamed('adversary');
const pairs = ['kernel', 'bias'].map((kind) => [`${adversary}${kind}`, `${readOutPrefix}${kind}`] as const);

/** Keeps a distance of nothing from being divided by. */
const tiny = 1e-20;

/**
 * Transfer (Zhang, Zhao, Yu & Poupart, Quantifying and Improving Transferability in Domain Generalization, NeurIPS 2021),
 * as in DomainBed, with an adversary w' beside the read-out w. The gap is λ (max_e R_e − min_e R_e) of the adversary's
 * risks, λ `numbers.strength`.
 *
 * 1. The optimiser's update on CE.
 * 2. Another one on the gap, of all but the read-out, on which it does not depend.
 * 3. w' = w; then so many steps of gradient ascent on the gap, of rate `numbers.adversary_rate`, each followed by a
 *    projection to the ball of radius `numbers.delta` around w.
 *
 * w' begins as w (`numbers.fresh` says which step is the first). Its loss is that of 1.
 */
export function createTransfer(
  { adversary_steps, trains }: TransferOptions,
  of: EnvironmentHead,
  width: number,
): Objective {
  const gapOf = (parameters: TensorMap, features: Tensor, batch: TensorMap, numbers: Quantities): Scalar => {
    const prediction = dense(parameters, adversary.slice(0, -1), features, 'linear');
    const each = risks(of, { prediction }, batch);
    const sides = detached(() => sub(alone(equal(each, max(each))), alone(equal(each, min(each)))));
    return mul<Scalar>(sum(mul(each, sides)), numbers.strength!);
  };
  return {
    parts: denseParameters(adversary.slice(0, -1), width, of.head.width),
    step(tools, before, batch, numbers, network) {
      const apply = (parameters: TensorMap) => network.apply(parameters, batch, numbers);
      let state = { ...before, parameters: begin(before.parameters, numbers) };
      const own = tools.trained.filter((name) => !name.startsWith(adversary));
      const plain = tools.differentiate(own, state.parameters, (parameters) =>
        mean<Scalar>(exampleLosses(of, apply(parameters), batch)),
      );
      if (trains === 'network') {
        state = tools.update(state, plain.gradients, numbers, 0);
        const body = own.filter((name) => !isReadOut(name));
        const gap = tools.differentiate(body, state.parameters, (parameters) =>
          gapOf(parameters, apply(parameters).features!, batch, numbers),
        );
        state = tools.update(state, gap.gradients, numbers, 1);
      }
      const features = apply(state.parameters).features!;
      let { parameters } = state;
      parameters = { ...parameters, ...Object.fromEntries(pairs.map(([own, of]) => [own, parameters[of]!])) };
      for (let step = 0; step < adversary_steps; step++) {
        const names = pairs.map(([name]) => name);
        const { gradients } = tools.differentiate(names, parameters, (current) =>
          gapOf(current, features, batch, numbers),
        );
        const climbed = names.map((name) => {
          return [name, add(parameters[name]!, mul(gradients[name]!, numbers.adversary_rate!))] as const;
        });
        parameters = project({ ...parameters, ...Object.fromEntries(climbed) }, numbers);
      }
      return { parameters, slots: state.slots, loss: plain.value };
    },
  };
}

/** One share for all that are true together. */
function alone(condition: Tensor): Tensor {
  const marks = cast(condition, 'float32');
  return div(marks, sum(marks));
}

/** The adversary of the first step is the read-out. */
function begin(parameters: TensorMap, { fresh }: Quantities): TensorMap {
  const begun = pairs.map(([own, of]) => [
    own,
    add(mul(parameters[of]!, fresh!), mul(parameters[own]!, sub(1, fresh!))),
  ]);
  return { ...parameters, ...Object.fromEntries(begun) };
}

/** The adversary as near to the read-out as `numbers.delta`. */
function project(parameters: TensorMap, { delta }: Quantities): TensorMap {
  const apart = pairs.map(([own, of]) => sub(parameters[own]!, parameters[of]!));
  const distance = sqrt(addN(apart.map((one) => sumOfSquares(one))));
  const share = minimum(div(delta!, maximum(distance, tiny)), 1);
  const nearer = pairs.map(([own, of], index) => [own, add(parameters[of]!, mul(apart[index]!, share))]);
  return { ...parameters, ...Object.fromEntries(nearer) };
}
