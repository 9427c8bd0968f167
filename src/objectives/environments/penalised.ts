import { add, addN, mean, mul, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import type { Quantities, TensorMap } from '../../engine/engine.js';
import { sumOfSquares } from '../../engine/ops/sum-all.js';
import type { Loss, Within } from '../objective.js';
import type { PenalisedOptions } from './numbers.js';
import { type EnvironmentHead, risks } from './risks.js';

/** A scalar, of what an objective's model says of a batch. */
export type PenaltyOf = (outputs: TensorMap, batch: TensorMap, numbers: Quantities, within: Within) => Tensor;

/** Mean risk of the environments + weight × penalty + l2 × sum of squares of the parameters, all by their shares. */
export function createPenalised(options: PenalisedOptions, of: EnvironmentHead, penaltyOf: PenaltyOf): Loss {
  return (outputs, batch, numbers, within) => {
    const penalty = penaltyOf(outputs, batch, numbers, within);
    return addPenalty(options, mean(risks(of, outputs, batch)), penalty, numbers, within);
  };
}

/** The same of a risk and a penalty that have been computed. */
export function addPenalty(
  { l2 }: Pick<PenalisedOptions, 'l2'>,
  risk: Tensor,
  penalty: Tensor,
  numbers: Quantities,
  { parameters }: Pick<Within, 'parameters'>,
): Scalar {
  const terms: Scalar[] = [mul(risk, numbers.risk_share!), mul(penalty, numbers.penalty_share!)];
  if (l2 > 0) {
    // By name, since a checkpoint may give the parameters back in another order, and sums would differ.
    const squares = Object.keys(parameters)
      .sort()
      .map((name) => sumOfSquares(parameters[name]!));
    terms.push(mul(addN(squares), numbers.l2!));
  }
  return addN(terms);
}

/** Mean risk of the environments + `numbers.strength` × penalty. */
export function createWeighed(of: EnvironmentHead, penaltyOf: PenaltyOf): Loss {
  return (outputs, batch, numbers, within) => {
    const penalty = penaltyOf(outputs, batch, numbers, within);
    return add<Scalar>(mean(risks(of, outputs, batch)), mul(penalty, numbers.strength!));
  };
}
