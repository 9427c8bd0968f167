import type { Scalar } from '@tensorflow/tfjs-core';
import type { LossWithStatistics, Quantities, TensorMap } from '../engine/engine.js';
import type { ParameterSpec } from '../models/model.js';
import type { Opponent } from './opponent.js';

/**
 * A loss of a model's outputs and the batch that they belong to (targets, and the columns that the objective asks for),
 * as a scalar; with new values of the objective's own state where it has one. Pure; `numbers` holds the step's inputs,
 * among them those of the objective.
 */
export type Loss = (
  outputs: TensorMap,
  batch: TensorMap,
  numbers: Quantities,
  within: Within,
) => Scalar | LossWithStatistics;

/** What a loss may look at beside its batch. */
export interface Within {
  /** The parameters that are trained, by name. */
  readonly parameters: TensorMap;
  /** The objective's own, by name. */
  readonly state: TensorMap;
}

/** What a training step minimises. */
export interface Objective {
  readonly loss: Loss;
  /** What it carries from step to step, by names that begin with `statePrefix`: no gradient changes it. */
  readonly state?: Readonly<Record<string, ParameterSpec>>;
  /** What is trained against the model. */
  readonly opponent?: Opponent;
}

/**
 * What an objective may ask of a batch beside inputs and targets, `[batch]` float32: the level index of the dataset's
 * first protected variable, and the weight under which group and target are independent in the training set.
 */
export type ColumnName = 'protected' | 'weight';
