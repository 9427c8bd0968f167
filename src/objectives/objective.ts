import type { Scalar } from '@tensorflow/tfjs-core';
import type { Quantities, TensorMap } from '../engine/engine.js';
import type { Opponent } from './opponent.js';

/**
 * A loss of a model's outputs and the batch that they belong to (targets, and the columns that the objective asks for),
 * as a scalar. Pure; `numbers` holds the step's inputs, among them those of the objective.
 */
export type Loss = (outputs: TensorMap, batch: TensorMap, numbers: Quantities) => Scalar;

/** What a training step minimises. */
export interface Objective {
  readonly loss: Loss;
  /** What is trained against the model. */
  readonly opponent?: Opponent;
}

/**
 * What an objective may ask of a batch beside inputs and targets, `[batch]` float32: the level index of the dataset's
 * first protected variable, and the weight under which group and target are independent in the training set.
 */
export type ColumnName = 'protected' | 'weight';
