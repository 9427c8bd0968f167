import { addN, mean, mul, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../engine/engine.js';
import { sumOfSquares } from '../../engine/ops/sum-all.js';
import type { Loss } from '../objective.js';
import type { PenalisedOptions } from './numbers.js';
import { type EnvironmentHead, risks } from './risks.js';

/** A scalar, of what an objective's model says of a batch. */
export type PenaltyOf = (outputs: TensorMap, batch: TensorMap) => Tensor;

/** Mean risk of the environments + weight × penalty + l2 × sum of squares of the parameters, all by their shares. */
export function createPenalised({ l2 }: PenalisedOptions, of: EnvironmentHead, penalty: PenaltyOf): Loss {
  return (outputs, batch, numbers, { parameters }) => {
    const terms: Scalar[] = [
      mul(mean(risks(of, outputs, batch)), numbers.risk_share!),
      mul(penalty(outputs, batch), numbers.penalty_share!),
    ];
    if (l2 > 0) {
      // By name, since a checkpoint may give the parameters back in another order, and sums would differ.
      const squares = Object.keys(parameters)
        .sort()
        .map((name) => sumOfSquares(parameters[name]!));
      terms.push(mul(addN(squares), numbers.l2!));
    }
    return addN(terms);
  };
}
