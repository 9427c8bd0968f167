import {
  abs,
  add,
  addN,
  cast,
  concat,
  div,
  matMul,
  maximum,
  mean,
  mul,
  type Scalar,
  sigmoid,
  slice,
  sub,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { sigmoidCrossEntropy, softmaxCrossEntropy } from '../engine/ops/cross-entropy.js';
import { sumAll, sumOfSquares } from '../engine/ops/sum-all.js';
import type { Head } from '../variables/targets.js';
import { createCrossEntropy } from './cross-entropy.js';
import { protectedOutputs } from './groups.js';
import type { Objective } from './objective.js';
import { adversaryPrefix } from './own-parameters.js';

export interface AdversarialOptions {
  /** What the adversary is given: the answer alone, or with the truth beside it. */
  readonly criterion: 'demographic_parity' | 'equalized_odds';
}

const names = {
  sharpness: `${adversaryPrefix}sharpness`,
  kernel: `${adversaryPrefix}kernel`,
  bias: `${adversaryPrefix}bias`,
} as const;

/** Keeps a gradient of nothing from being divided by. */
const tiny = 1e-20;

/**
 * Adversarial debiasing (Zhang, Lemoine & Mitchell, AIES 2018), with its projection of gradients. An adversary reads the
 * group from the answer s = sigmoid((1 + |c|) f), for equalised odds from s, s y and s (1 − y), by a linear layer; its
 * loss L_A is cross-entropy. It descends L_A; the model descends, with L_P the cross-entropy of the target,
 *
 *     ∇L_P − proj(∇L_P on ∇L_A) − `numbers.strength` ∇L_A,
 *
 * the projection being that of all its gradients together. Both are updated in one step by the one optimiser, with a
 * constant strength (the paper's grows as the root of the step). Adversary and optimiser state are in the checkpoint.
 * Of two groups the adversary has one logit, of more a logit for each.
 */
export function createAdversarial({ criterion }: AdversarialOptions, head: Head, groups: number): Objective {
  const width = groups === 2 ? 1 : groups;
  const given = criterion === 'equalized_odds' ? 3 : 1;
  return {
    loss: createCrossEntropy({ label_smoothing: 0 }, [head]),
    opponent: {
      parameters: {
        [names.sharpness]: { shape: [1], initializer: { kind: 'constant', value: 1 } },
        [names.kernel]: {
          shape: [given, width],
          initializer: { kind: 'uniform', bound: Math.sqrt(6 / (given + width)) },
        },
        [names.bias]: { shape: [width], initializer: { kind: 'constant', value: 0 } },
      },
      loss(parameters, outputs, batch) {
        const f = slice(outputs.prediction!, [0, head.start], [-1, 1]);
        const answer = sigmoid(mul(f, add(1, abs(parameters[names.sharpness]!))));
        const truth = slice(batch.target!, [0, 0], [-1, 1]);
        const features =
          given === 1 ? answer : concat([answer, mul(answer, truth), mul(answer, sub(1, truth))], 1);
        const read = add(matMul(features, parameters[names.kernel]!), parameters[names.bias]!);
        return readingLoss(read, batch.protected!, width);
      },
      combine(gradients, opposing, numbers) {
        // By name, since a checkpoint may give the parameters back in another order, and sums would differ.
        const all = Object.keys(gradients).sort();
        const along = addN(all.map((name) => sumAll(mul(gradients[name]!, opposing[name]!))));
        const size = addN(all.map((name) => sumOfSquares(opposing[name]!)));
        const share = add(div(along, maximum(size, tiny)), numbers.strength!);
        return Object.fromEntries(
          all.map((name) => [name, sub(gradients[name]!, mul(opposing[name]!, share))]),
        );
      },
    },
  };
}

function readingLoss(read: Tensor, group: Tensor, width: number): Scalar {
  if (width === 1) return mean<Scalar>(sigmoidCrossEntropy(read, protectedOutputs(group, 1)));
  return mean<Scalar>(softmaxCrossEntropy(read, cast(group, 'int32')));
}
