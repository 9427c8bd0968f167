import { type Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { Quantities, TensorMap } from '../../engine/engine.js';
import type { Objective } from '../objective.js';

/** The loss of an objective without a state, as a function of outputs, of no parameters. */
export function lossOf({ loss }: Objective) {
  return (outputs: TensorMap, batch: TensorMap, numbers: Quantities): Scalar => {
    const result = loss(outputs, batch, numbers, { parameters: {}, state: {} });
    return (result instanceof Tensor ? result : result.loss) as Scalar;
  };
}
