import type { Tensor } from '@tensorflow/tfjs-core';
import { HeldoutError } from '../core/errors.js';
import { sizeOf } from '../core/numbers/shape.js';
import type { TensorMap } from '../engine/engine.js';
import { type DenseStart, dense, denseParameters } from './layers/dense.js';
import { flatten } from './layers/flatten.js';
import type { Model, ModelShapes } from './model.js';
import { withReadOut } from './read-out.js';

export interface MlpOptions {
  /** Sizes of the hidden layers, from the input on. */
  readonly widths: readonly number[];
  /** Of the hidden layers; `relu` unless told. */
  readonly activation?: 'relu' | 'selu' | undefined;
  /** `pytorch` unless told. */
  readonly start?: DenseStart | undefined;
}

/**
 * Linear layers with an activation between them on the flattened input; `[90, 90, 90, 90, 22]` with ReLU is the MLP of
 * Schott et al. (ICLR 2022). The dataset's single input `[batch, ...]` to `prediction` `[batch, outputs]`.
 */
export function createMlp({ widths, activation = 'relu', start }: MlpOptions, shapes: ModelShapes): Model {
  const names = Object.keys(shapes.inputs);
  const input = names[0];
  if (input === undefined || names.length > 1) {
    throw new HeldoutError({
      code: 'E_MODEL_INPUT',
      message: `the model mlp takes one input, but the dataset has ${names.length}: ${names.join(', ')}`,
      place: 'model.name',
    });
  }
  const size = sizeOf(shapes.inputs[input]!);
  const hidden = widths.map((width, index) => ({
    name: `dense${index + 1}`,
    inputs: widths[index - 1] ?? size,
    outputs: width,
  }));
  const features = (parameters: TensorMap, inputs: TensorMap): Tensor => {
    let x = flatten(inputs[input]!);
    for (const { name } of hidden) x = dense(parameters, name, x, activation);
    return x;
  };
  const parameters = Object.assign(
    {},
    ...hidden.map((layer) => denseParameters(layer.name, layer.inputs, layer.outputs, start)),
  );
  return withReadOut({ parameters, features, width: widths.at(-1) ?? size }, shapes.outputs, start);
}
