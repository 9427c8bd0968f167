import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { LossWithStatistics, OwnStep, Quantities, StepTools, TensorMap } from '../engine/engine.js';
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
  /** The parameters that are trained, by name: the model's, and the objective's own. */
  readonly parameters: TensorMap;
  /** All parameters, also those that are not trained: what `network` takes. */
  readonly all: TensorMap;
  /** What the objective carries from step to step, by name. */
  readonly state: TensorMap;
  readonly network: Network;
}

/** The model in a step, for objectives that take it apart or apply it to something else. */
export interface Network {
  /**
   * Outputs `prediction` `[rows, outputs]` of inputs, and `features` `[rows, width]`, where the model has them.
   * @param numbers Of the step: a model may draw by them.
   */
  apply(parameters: TensorMap, inputs: TensorMap, numbers: Quantities): TensorMap;
  /** Outputs `[rows, outputs]` of features `[rows, width]`. */
  readOut(parameters: TensorMap, features: Tensor): Tensor;
  /** Width of the features; 0 of a model without. */
  readonly width: number;
}

/** A loss that applies the network itself, or not only to the batch. */
export type DirectLoss = (
  network: Network,
  batch: TensorMap,
  numbers: Quantities,
  within: Within,
) => Scalar | LossWithStatistics;

/** A whole update: see `OwnStep`. */
export type ObjectiveStep = (
  tools: StepTools,
  state: { readonly parameters: TensorMap; readonly slots: TensorMap },
  batch: TensorMap,
  numbers: Quantities,
  network: Network,
) => ReturnType<OwnStep>;

/** What a training step minimises: by exactly one of `loss`, `direct` and `step`. */
export interface Objective {
  readonly loss?: Loss;
  readonly direct?: DirectLoss;
  readonly step?: ObjectiveStep;
  /** What it trains beside the model, by names that begin with `partPrefix`. */
  readonly parts?: Readonly<Record<string, ParameterSpec>>;
  /** What it carries from step to step, by names that begin with `statePrefix`: no gradient changes it. */
  readonly state?: Readonly<Record<string, ParameterSpec>>;
  /**
   * Outputs `prediction` of inputs once the model is trained, where they are not the model's own: of all parameters, those
   * of the objective among them. A pure function of a batch.
   */
  predict?(network: Network, parameters: TensorMap, inputs: TensorMap): Tensor;
  /**
   * Inputs as the model takes them once it is trained, where they are not those of the dataset (`widen` in `traits.ts`): of
   * all parameters, or of the model's alone. A pure function of a batch.
   */
  see?(parameters: TensorMap, inputs: TensorMap): TensorMap;
  /** What is trained against the model. */
  readonly opponent?: Opponent;
}

/**
 * What an objective may ask of a batch beside inputs and targets, `[batch]` float32: the level index of the dataset's
 * first protected variable, and the weight under which group and target are independent in the training set.
 */
export type ColumnName = 'protected' | 'weight';
