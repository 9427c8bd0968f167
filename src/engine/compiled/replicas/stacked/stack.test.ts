import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { sizeOf } from '../../../../core/numbers/shape.js';
import type { NamedArray, NamedArrays, Optimizer, TrainerOptions } from '../../../engine.js';
import { biasAdd } from '../../../ops/bias-add.js';
import { randomValues, relativeError, type Values } from '../../../testing/backends.js';
import { differentiableOps } from '../../../testing/differentiable-ops/index.js';
import { type OpCase, opCases } from '../../../testing/op-cases.js';
import { startTensorFlowIfThere, tensorFlowWorks } from '../../../testing/tensorflow.js';
import { loadProgram } from '../../graph/program.js';
import { recordPart } from '../../recording/record-part.js';
import type { Part } from '../../recording/recording.js';
import { recordStep } from '../../step-program.js';
import { loadStacked } from './rows.js';

beforeAll(async () => {
  await startTensorFlowIfThere();
});

const image = (x: tf.Tensor) => x as tf.Tensor4D;
const cases: readonly OpCase[] = [
  ...opCases,
  ['bias', [2, 3, 4], [4], (a, b) => biasAdd(a, b)],
  ['a number and a matrix', [], [3, 4], (a, b) => tf.mul(a, b)],
  ['a vector and a constant matrix', [4], [2], (a, b) => tf.mul(tf.add(a, tf.ones([3, 4])), tf.sum(b))],
  [
    'matMul with a constant',
    [3, 4],
    [5, 4],
    (a, b) => tf.add(tf.matMul(a, constant([4, 5])), tf.matMul(constant([4, 3]), b, true, true)),
  ],
  ['matMul of higher rank', [2, 3, 4, 5], [2, 3, 5, 2], (a, b) => tf.matMul(a, b)],
  ['softmax of a vector', [5], [5], (a, b) => tf.mul(tf.softmax(a), tf.logSoftmax(b))],
  [
    'gather along the last axis',
    [2, 5],
    [2, 3],
    (a, b) => tf.mul(tf.gather(a, tf.tensor1d([4, 0, 4], 'int32'), 1), b),
  ],
  ['maximum over all', [3, 4], [3, 4], (a, b) => tf.add(tf.max(a), tf.mean(b))],
  [
    'conv2d of a constant',
    [3, 3, 2, 4],
    [1],
    (a) => tf.conv2d(image(constant([1, 7, 7, 2])), image(a), 1, 'same'),
  ],
  [
    'conv2d by a constant',
    [2, 7, 7, 2],
    [1],
    (a) => tf.conv2d(image(a), image(constant([3, 3, 2, 2])), 2, 'same'),
  ],
];

const gradientCases = [
  ...cases.map(([name, a, b, compute]) => ({
    name,
    shapes: [a, b],
    apply: (...[x, y]: tf.Tensor[]) => compute(x!, y!),
  })),
  ...differentiableOps,
];

/** Ops that TF.js has no gradient for. */
const valueCases: readonly OpCase[] = [
  ['slices with strides', [4, 5], [2, 2], (a, b) => tf.add(tf.stridedSlice(a, [0, 1], [4, 5], [2, 2]), b)],
  [
    'a slice that loses an axis',
    [4, 5],
    [5],
    (a, b) => tf.add(tf.stridedSlice(a, [1, 0], [2, 5], [1, 1], 0, 0, 0, 0, 1), b),
  ],
  ['a slice from behind', [4, 5], [2, 5], (a, b) => tf.add(tf.stridedSlice(a, [-1], [-3], [-1]), b)],
  [
    'comparisons',
    [3, 4],
    [3, 4],
    (a, b) => tf.where(tf.logicalAnd(tf.greater(a, b), tf.less(b, 0.7)), a, tf.mul(a, b)),
  ],
  ['gather by computed indices', [4, 3], [2, 3], (a, b) => tf.gather(a, tf.argMax(b, 1))],
  [
    'gather from a constant',
    [2, 3],
    [2, 3],
    (a, b) => tf.gather(constant([3, 2]), tf.argMax(tf.sub(a, b), 1)),
  ],
  [
    'gather from columns of a constant',
    [2, 3],
    [2, 3],
    (a, b) => tf.gather(constant([2, 3]), tf.argMax(tf.sub(a, b), 1), 1),
  ],
  ['segments', [4, 3], [4, 3], (a, b) => tf.unsortedSegmentSum(a, tf.argMax<tf.Tensor1D>(b, 1), 3)],
  [
    'argMin and one-hot',
    [3, 4],
    [3, 4],
    (a, b) => tf.mul(tf.oneHot(tf.cast(tf.argMin(a, 1), 'int32'), 4), b),
  ],
  [
    'any and all',
    [3, 4],
    [3, 4],
    (a, b) => tf.logicalOr(tf.any(tf.greater(a, b), 1), tf.all(tf.less(a, b), -1)),
  ],
  ['einsum', [3, 4], [4, 2], (a, b) => tf.einsum('ij,jk->ki', a, b)],
  ['topk', [3, 4], [3, 2], (a, b) => tf.add(tf.topk(a, 2).values, b)],
  [
    'batch norm of images',
    [2, 3, 3, 4],
    [4],
    (a, b) => tf.batchNorm(image(a), tf.mul(b, 0.5) as tf.Tensor1D, b as tf.Tensor1D),
  ],
  ['zeros and ones alike', [3], [2, 3], (a, b) => tf.add(tf.onesLike(a), tf.zerosLike(b))],
  [
    'mirrored padding',
    [3, 4],
    [3, 6],
    (a, b) =>
      tf.add(
        tf.mirrorPad(
          a,
          [
            [0, 0],
            [1, 1],
          ],
          'reflect',
        ),
        b,
      ),
  ],
  ['broadcastTo', [3, 1], [2, 3, 4], (a, b) => tf.add(tf.broadcastTo(a, [2, 3, 4]), b)],
  [
    'dilated conv2d',
    [2, 7, 7, 2],
    [3, 3, 2, 2],
    (a, b) => tf.conv2d(image(a), image(b), 1, 'same', 'NHWC', 2),
  ],
];

function constant(shape: readonly number[]): tf.Tensor {
  return tf.tensor(randomValues(sizeOf(shape), 5), [...shape]);
}

function positive(shape: readonly number[], seed: number): NamedArray {
  return { shape, data: randomValues(sizeOf(shape), seed).map((value) => 0.6 + value / 2) };
}

/** Keeps the gradients as slots. */
const keepGradients: Optimizer = {
  slots: ['gradient'],
  numbers: () => ({}),
  update: (parameter, gradient) => ({ parameter, slots: { gradient: gradient.clone() } }),
};

const size = 3;
const seeds = Array.from({ length: size }, (_, seed) => seed);

/** What replicas compute and how it changes their state, one by one and stacked. */
function runBoth(parts: readonly Part[], states: readonly NamedArrays[], inputs: readonly NamedArrays[]) {
  const alone = parts.map((part, index): NamedArrays => {
    const program = loadProgram(part);
    program.assign(states[index]!);
    const results = { ...program.run(inputs[index]!), ...program.fetch() };
    program.dispose();
    return results;
  });
  const program = loadStacked(parts, inputs);
  program.assignAll(states);
  const placed = inputs.map((own, row) => program.place(row, own, 0, 1));
  const [outputs] = program.run([placed]);
  const stacked = program.parts.map((part, row): NamedArrays => ({ ...outputs![row]!, ...part.fetch() }));
  program.dispose();
  return { alone, stacked };
}

function expectEqual({ alone, stacked }: ReturnType<typeof runBoth>, names: readonly string[]) {
  for (const [row, expected] of alone.entries()) {
    for (const name of names) {
      const [found, wanted] = [stacked[row]![name], expected[name]] as [Values, Values];
      expect(relativeError(found, wanted), `${name} of ${row}`).toBeLessThan(1e-5);
    }
  }
}

describe.skipIf(!tensorFlowWorks)('stacked replicas', () => {
  it.each(gradientCases)('have the values and gradients of single ones: $name', ({ shapes, apply }) => {
    const names = shapes.map((_, index) => `p${index}`);
    const parametersOf = (seed: number) =>
      Object.fromEntries(names.map((name, index) => [name, positive(shapes[index]!, 10 * seed + index)]));
    const shape = tf.tidy(() => apply(...shapes.map((one) => tf.ones([...one]))).shape);
    const inputs = seeds.map((seed) => ({ weight: positive(shape, 10 * seed + 9) }));
    const states = seeds.map((seed) =>
      Object.fromEntries(
        Object.entries(parametersOf(seed)).flatMap(([name, value]) => [
          [`parameters/${name}`, value],
          [`slots/${name}/gradient`, value],
        ]),
      ),
    );
    const recordings = seeds.map((seed) => {
      const options: TrainerOptions = {
        parameters: parametersOf(seed),
        optimizer: keepGradients,
        // The last term makes the loss depend on all of them.
        loss: (p, { weight }) => {
          const squares = tf.addN(names.map((name) => tf.sum(tf.square(p[name]!))));
          const value = tf.sum(tf.mul(apply(...names.map((name) => p[name]!)), weight!));
          return tf.add(value, tf.mul(squares, 0.01));
        },
      };
      return recordStep(options, {
        state: states[seed]!,
        updates: 0,
        batch: inputs[seed]!,
        inputs: { learningRate: 0 },
      });
    });
    const results = runBoth(
      recordings.map(({ part }) => part),
      states,
      recordings.map(({ example }) => example),
    );
    expectEqual(results, ['loss', ...names.map((name) => `slots/${name}/gradient`)]);
  });

  it.each(valueCases)('have the values of single ones: %s', (_, shapeA, shapeB, compute) => {
    const inputs = seeds.map((seed) => ({
      a: positive(shapeA, 10 * seed + 1),
      b: positive(shapeB, 10 * seed + 2),
    }));
    const parts = inputs.map((batch) =>
      recordPart({
        compute: (_, { a, b }) => ({ state: {}, outputs: { value: tf.cast(compute(a!, b!), 'float32') } }),
        state: {},
        batch,
        numbers: [{}, {}],
        xla: false,
      }),
    );
    const results = runBoth(
      parts,
      seeds.map(() => ({})),
      inputs,
    );
    expectEqual(results, ['value']);
  });
});
