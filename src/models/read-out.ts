import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../engine/engine.js';
import { type DenseStart, dense, denseParameters } from './layers/dense.js';
import type { Model, ParameterSpec } from './model.js';

const name = 'read-out';

export interface Body {
  readonly parameters: Readonly<Record<string, ParameterSpec>>;
  /** Inputs to `[batch, width]`. */
  features(parameters: TensorMap, inputs: TensorMap): Tensor;
  readonly width: number;
}

/** A network whose outputs are linear in its features: `read-out/kernel` `[width, outputs]`, `read-out/bias` `[outputs]`. */
export function withReadOut(
  { parameters: own, features, width }: Body,
  outputs: number,
  start?: DenseStart,
): Model {
  return {
    parameters: { ...own, ...denseParameters(name, width, outputs, start) },
    apply: (parameters, inputs) => ({ prediction: readOut(parameters, features(parameters, inputs)) }),
    features,
  };
}

/** How many features a model has; 0 of one without. */
export function featureWidth({ features, parameters }: Model): number {
  return features === undefined ? 0 : parameters[`${name}/kernel`]!.shape[0]!;
}

/** A model's parameters but those of its read-out. */
export function bodyOf({ parameters }: Model): Readonly<Record<string, ParameterSpec>> {
  return Object.fromEntries(Object.entries(parameters).filter(([own]) => !own.startsWith(`${name}/`)));
}

/** Outputs `[batch, outputs]` of features `[batch, width]`, of any model that has features. */
export function readOut(parameters: TensorMap, features: Tensor): Tensor {
  return dense(parameters, name, features, 'linear');
}
