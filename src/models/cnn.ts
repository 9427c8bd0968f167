import { HeldoutError } from '../core/errors.js';
import { conv2d, conv2dParameters } from './layers/conv2d.js';
import { dense, denseParameters } from './layers/dense.js';
import { flatten } from './layers/flatten.js';
import type { Model, ModelShapes } from './model.js';

const kernelSize = 4;
const convolutions = [
  { name: 'conv1', channels: 32, stride: 2, padding: 'same' },
  { name: 'conv2', channels: 32, stride: 2, padding: 'same' },
  { name: 'conv3', channels: 64, stride: 2, padding: 'same' },
  { name: 'conv4', channels: 64, stride: 2, padding: 'same' },
  { name: 'conv5', channels: 256, stride: 1, padding: 'valid' },
] as const;
const features = 256;

/**
 * The vanilla CNN of Schott et al. (ICLR 2022): five convolutions with ReLU take 64x64 to 1x1x256, a
 * linear layer reads the outputs from there. `image` `[batch, 64, 64, C]` to `prediction` `[batch, outputs]`.
 */
export function createCnn(shapes: ModelShapes): Model {
  const [height, width, imageChannels] = shapes.inputs.image ?? [];
  if (height !== 64 || width !== 64 || imageChannels === undefined) {
    const found = Object.entries(shapes.inputs).map(([name, shape]) => `${name} [${shape.join(', ')}]`);
    throw new HeldoutError({
      code: 'E_MODEL_INPUT',
      message: `the model cnn needs images of 64 x 64 pixels, but the dataset has ${found.join(', ')}`,
      place: 'model.name',
      hints: ['model=mlp takes inputs of any size'],
    });
  }
  return {
    parameters: Object.assign(
      {},
      ...convolutions.map(({ name, channels }, index) =>
        conv2dParameters(name, kernelSize, convolutions[index - 1]?.channels ?? imageChannels, channels),
      ),
      denseParameters('read-out', features, shapes.outputs),
    ),
    apply(parameters, inputs) {
      let x = inputs.image!;
      for (const { name, stride, padding } of convolutions) {
        x = conv2d(parameters, name, x, { stride, padding, activation: 'relu' });
      }
      return { prediction: dense(parameters, 'read-out', flatten(x), 'linear') };
    },
  };
}
