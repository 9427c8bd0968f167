import { mul, reshape, squaredDifference, sub, sum } from '@tensorflow/tfjs-core';
import { sizeOf } from '../../core/numbers/shape.js';
import type { NamedArray, NamedArrays, Optimizer, TrainerOptions } from '../engine.js';
import { convolution, linear } from '../ops/fused.js';
import { adamNumbers, adamUpdate } from '../ops/updates/adam-update.js';
import { randomValues } from './backends.js';

const constants = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
/** Adam with PyTorch's constants. */
export const adam: Optimizer = {
  slots: ['m', 'v'],
  numbers: ({ learningRate }, step) => adamNumbers(constants, learningRate, step),
  update(parameter, gradient, slots, { rate, offset }) {
    const numbers = { ...constants, rate: rate!, offset: offset! };
    const [next, m, v] = adamUpdate(parameter, gradient, slots.m!, slots.v!, numbers);
    return { parameter: next, slots: { m, v } };
  },
};
/** p -= learning rate · gradient. */
export const descent: Optimizer = {
  slots: [],
  numbers: () => ({}),
  update: (parameter, gradient, _, { learningRate }) => ({
    parameter: sub(parameter, mul(gradient, learningRate!)),
    slots: {},
  }),
};

/** Random arrays that depend on the seed alone. */
export function arrays(shapes: Readonly<Record<string, readonly number[]>>, seed: number): NamedArrays {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape], index) => {
      const data = randomValues(sizeOf(shape), seed + index).map((value) => value / 4);
      return [name, { shape, data }];
    }),
  );
}

export function array(shape: readonly number[], ...values: number[]): NamedArray {
  return { shape, data: Float32Array.from(values) };
}

/** A convolution and a linear layer. */
export const network: TrainerOptions = {
  parameters: arrays({ kernel: [4, 4, 1, 6], bias: [6], 'read-out': [6 * 16, 2], offset: [2] }, 1),
  optimizer: adam,
  loss: (p, { image, target }) => {
    const h = convolution(image!, p.kernel!, p.bias!, { stride: 2, padding: 'same', activation: 'relu' });
    const outputs = linear(reshape(h, [-1, 6 * 16]), p['read-out']!, p.offset!);
    return sum(squaredDifference(outputs, target!));
  },
};
export function batchOf(seed: number): NamedArrays {
  return arrays({ image: [5, 8, 8, 1], target: [5, 2] }, 100 + 10 * seed);
}
