import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../engine/engine.js';
import { convolution } from '../engine/ops/fused.js';
import { dense, denseParameters } from './layers/dense.js';
import { flatten } from './layers/flatten.js';
import { readPatchedImage } from './layers/patches.js';
import type { Model, ModelShapes } from './model.js';
import { withReadOut } from './read-out.js';

export interface PatchMlpOptions {
  /** Side of the squares that an image is cut into, in pixels. */
  readonly patch: number;
  /** Numbers that each square becomes, by a layer that all of them share. */
  readonly channels: number;
  /** Size of the hidden layer that sees all squares. */
  readonly width: number;
}

/**
 * Two linear layers with ReLU for small images, the first of which all patches share: what it sees of a pattern does not
 * depend on where it is. `image` `[batch, height, width, channels]` to `prediction` `[batch, outputs]`.
 */
export function createPatchMlp({ patch, channels, width }: PatchMlpOptions, shapes: ModelShapes): Model {
  const [rows, columns, depth] = readPatchedImage(shapes, patch, 'patch_mlp');
  const patches = (rows * columns) / patch ** 2;
  const { 'patches/kernel': kernel, ...bias } = denseParameters('patches', patch ** 2 * depth, channels);
  const features = (parameters: TensorMap, { image }: TensorMap): Tensor => {
    const seen = convolution(image!, parameters['patches/kernel']!, parameters['patches/bias']!, {
      stride: patch,
      padding: 'valid',
      activation: 'relu',
    });
    return dense(parameters, 'dense1', flatten(seen), 'relu');
  };
  const parameters = {
    'patches/kernel': { ...kernel!, shape: [patch, patch, depth, channels] },
    ...bias,
    ...denseParameters('dense1', patches * channels, width),
  };
  return withReadOut({ parameters, features, width }, shapes.outputs);
}
