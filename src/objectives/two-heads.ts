import {
  add,
  mean,
  mul,
  type Scalar,
  sigmoid,
  slice,
  squaredDifference,
  sub,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { sigmoidCrossEntropy } from '../engine/ops/cross-entropy.js';
import type { Head } from '../variables/targets.js';
import { createCrossEntropy } from './cross-entropy.js';
import { protectedOutputs } from './groups.js';
import type { Loss } from './objective.js';

/** What the head g of the protected variable is trained by; the target a is 0 or 1. */
export type SecondLoss = 'mse_sigmoid' | 'mse_linear' | 'bce';

export interface TwoHeadsOptions {
  /**
   * `mse_sigmoid`: (sigmoid(g) − a)², as Lohaus et al. released it; `mse_linear`: (g − a)², as OxonFair has it (Delaney
   * et al., NeurIPS 2024), so that g itself lies near 0 or 1; `bce`: cross-entropy of sigmoid(g).
   */
  readonly second_loss: SecondLoss;
}

/**
 * Two heads on one network (Lohaus et al., NeurIPS 2022): (1 − w) × the cross-entropy of the binary target + w × the loss
 * of a head that tells the protected variable, w being `numbers.second_weight`; no fairness term. Of two groups that head
 * is one output g, and a is the level index; of more it is an output for each, a is one-hot, and the loss is the mean
 * over them. Takes `outputs.prediction` `[batch, outputs]`, `batch.target` `[batch, targets]` and `batch.protected`
 * `[batch]`.
 */
export function createTwoHeads(
  { second_loss }: TwoHeadsOptions,
  [first, second]: readonly [Head, Head],
): Loss {
  const crossEntropy = createCrossEntropy({ label_smoothing: 0 }, [first]);
  return (outputs, batch, numbers) => {
    const g = slice(outputs.prediction!, [0, second.start], [-1, second.width]);
    const a = protectedOutputs(batch.protected!, second.width);
    const weight = numbers.second_weight!;
    const own = mul(crossEntropy(outputs, batch), sub(1, weight));
    return add<Scalar>(own, mul(mean(lossOf(second_loss, g, a)), weight));
  };
}

function lossOf(by: SecondLoss, g: Tensor, a: Tensor): Tensor {
  switch (by) {
    case 'mse_sigmoid':
      return squaredDifference(sigmoid(g), a);
    case 'mse_linear':
      return squaredDifference(g, a);
    case 'bce':
      return sigmoidCrossEntropy(g, a);
  }
}
