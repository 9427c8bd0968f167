import type { Tensor } from '@tensorflow/tfjs-core';
import { HeldoutError } from '../core/errors.js';
import type { TensorMap } from '../engine/engine.js';
import { conv2d, conv2dParameters } from './layers/conv2d.js';
import { flatten } from './layers/flatten.js';
import type { Model, ModelShapes } from './model.js';
import { withReadOut } from './read-out.js';

const convolutions = [
  { name: 'conv1', kernel: 4, channels: 32, stride: 2, padding: 'same' },
  { name: 'conv2', kernel: 4, channels: 32, stride: 2, padding: 'same' },
  { name: 'conv3', kernel: 4, channels: 64, stride: 2, padding: 'same' },
  { name: 'conv4', kernel: 4, channels: 64, stride: 2, padding: 'same' },
] as const;
const features = 256;
/** How much smaller the four convolutions make an image. */
const reduction = 16;

/**
 * The vanilla CNN of Schott et al. (ICLR 2022): five convolutions with ReLU take 64x64 to 1x1x256, a linear layer
 * reads the outputs from there. `image` `[batch, S, S, C]` to `prediction` `[batch, outputs]`; S is 64, or another
 * multiple of 16, for which the last convolution covers what the others leave.
 */
export function createCnn(shapes: ModelShapes): Model {
  const [height, width, imageChannels] = shapes.inputs.image ?? [];
  if (height === undefined || height % reduction !== 0 || width !== height || imageChannels === undefined) {
    const found = Object.entries(shapes.inputs).map(([name, shape]) => `${name} [${shape.join(', ')}]`);
    throw new HeldoutError({
      code: 'E_MODEL_INPUT',
      message: `the model cnn needs square images with a side that is a multiple of 16, but the dataset has ${found.join(', ')}`,
      place: 'model.name',
      hints: ['model=mlp takes inputs of any size'],
    });
  }
  const last = {
    name: 'conv5',
    kernel: height / reduction,
    channels: features,
    stride: 1,
    padding: 'valid',
  } as const;
  const layers = [...convolutions, last];
  const represent = (parameters: TensorMap, inputs: TensorMap): Tensor => {
    let x = inputs.image!;
    for (const { name, stride, padding } of layers) {
      x = conv2d(parameters, name, x, { stride, padding, activation: 'relu' });
    }
    return flatten(x);
  };
  const parameters = Object.assign(
    {},
    ...layers.map(({ name, kernel, channels }, index) =>
      conv2dParameters(name, kernel, layers[index - 1]?.channels ?? imageChannels, channels),
    ),
  );
  return withReadOut({ parameters, features: represent, width: features }, shapes.outputs);
}
