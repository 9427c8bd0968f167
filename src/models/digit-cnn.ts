import { pad, type Tensor } from '@tensorflow/tfjs-core';
import { HeldoutError } from '../core/errors.js';
import type { TensorMap } from '../engine/engine.js';
import { conv2d, conv2dParameters } from './layers/conv2d.js';
import { groupNorm } from './layers/group-norm.js';
import { normParameters } from './layers/layer-norm.js';
import { globalAveragePool } from './layers/pooling.js';
import type { Model, ModelShapes } from './model.js';
import { withReadOut } from './read-out.js';

export interface DigitCnnOptions {
  /** Of every convolution; the second one halves the sides of an image. Multiples of `groups`. */
  readonly channels: readonly number[];
  /** Of the norm behind every convolution. */
  readonly groups: number;
}

/**
 * Convolutions of 3x3 with ReLU and a group norm behind each, a mean over places, and a linear layer: with
 * `channels: [64, 128, 128, 128]` and `groups: 8` the MNIST_CNN of DomainBed (Gulrajani & Lopez-Paz, ICLR 2021), padded as
 * there. `image` `[batch, S, S, C]`, S even, to `prediction` `[batch, outputs]`.
 */
export function createDigitCnn({ channels, groups }: DigitCnnOptions, shapes: ModelShapes): Model {
  const [height, width, imageChannels] = shapes.inputs.image ?? [];
  if (height === undefined || width !== height || height % 2 !== 0 || imageChannels === undefined) {
    const found = Object.entries(shapes.inputs).map(([name, shape]) => `${name} [${shape.join(', ')}]`);
    throw new HeldoutError({
      code: 'E_MODEL_INPUT',
      message: `the model digit_cnn needs square images with an even side, but the dataset has ${found.join(', ')}`,
      place: 'model.name',
      hints: ['model=mlp takes inputs of any size'],
    });
  }
  const odd = channels.find((count) => count % groups !== 0);
  if (odd !== undefined) {
    throw new HeldoutError({
      code: 'E_MODEL_GROUPS',
      message: `a norm of ${groups} groups does not divide ${odd} channels`,
      place: 'model.channels',
      hints: [`model.channels=[${channels.map((count) => Math.ceil(count / groups) * groups).join(',')}]`],
    });
  }
  const layers = channels.map((outputs, index) => ({
    conv: `conv${index + 1}`,
    norm: `norm${index + 1}`,
    inputs: channels[index - 1] ?? imageChannels,
    outputs,
    halves: index === 1,
  }));
  const features = (parameters: TensorMap, inputs: TensorMap): Tensor => {
    let x = inputs.image!;
    for (const { conv, norm, halves } of layers) {
      x = halves ? halve(parameters, conv, x) : keep(parameters, conv, x);
      x = groupNorm(parameters, norm, x, groups);
    }
    return globalAveragePool(x);
  };
  const parameters = Object.assign(
    {},
    ...layers.map(({ conv, norm, inputs, outputs }) => ({
      ...conv2dParameters(conv, 3, inputs, outputs),
      ...normParameters(norm, outputs),
    })),
  );
  return withReadOut({ parameters, features, width: channels.at(-1)! }, shapes.outputs);
}

function keep(parameters: TensorMap, name: string, x: Tensor): Tensor {
  return conv2d(parameters, name, x, { stride: 1, padding: 'same', activation: 'relu' });
}

/** PyTorch's `padding=1`, of which a stride of 2 on an even side reads the first row and column alone. */
function halve(parameters: TensorMap, name: string, x: Tensor): Tensor {
  const padded = pad(x, [
    [0, 0],
    [1, 0],
    [1, 0],
    [0, 0],
  ]);
  return conv2d(parameters, name, padded, { stride: 2, padding: 'valid', activation: 'relu' });
}
