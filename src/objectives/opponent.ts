import type { Scalar } from '@tensorflow/tfjs-core';
import type { Opposition, Quantities, TensorMap } from '../engine/engine.js';
import type { ParameterSpec } from '../models/model.js';

/** What an objective trains against a model, in the same steps. */
export interface Opponent extends Pick<Opposition, 'combine'> {
  /** Of its own, by names that begin with `adversaryPrefix`. */
  readonly parameters: Readonly<Record<string, ParameterSpec>>;
  /** What it descends: of all parameters, the model's outputs and the batch that they belong to. Pure. */
  loss(parameters: TensorMap, outputs: TensorMap, batch: TensorMap, numbers: Quantities): Scalar;
}
