import { type Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { Quantities, TensorMap } from '../../engine/engine.js';
import type { Network, Objective } from '../objective.js';

const none = () => {
  throw new Error('there is no network here');
};
export const network: Network = { apply: none, readOut: none, width: 0 };

/** The loss of an objective without a state, as a function of outputs, of no parameters. */
export function lossOf({ loss }: Objective) {
  return (outputs: TensorMap, batch: TensorMap, numbers: Quantities): Scalar => {
    const result = loss!(outputs, batch, numbers, { parameters: {}, all: {}, state: {}, network });
    return (result instanceof Tensor ? result : result.loss) as Scalar;
  };
}
