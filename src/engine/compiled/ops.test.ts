import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { sizeOf } from '../../core/numbers/shape.js';
import type { NamedArray, Optimizer, Trainer, TrainerOptions } from '../engine.js';
import { randomValues, relativeError } from '../testing/backends.js';
import { opCases } from '../testing/op-cases.js';
import { startTensorFlowIfThere, tensorFlowWorks } from '../testing/tensorflow.js';
import { createEagerTrainer } from '../trainer.js';
import { createCompiledTrainer } from './trainer.js';

beforeAll(async () => {
  await startTensorFlowIfThere();
});

function positive(shape: readonly number[], seed: number): NamedArray {
  return { shape, data: randomValues(sizeOf(shape), seed).map((value) => 0.6 + value / 2) };
}

/** Keeps the gradients as slots. */
const keepGradients: Optimizer = {
  slots: ['gradient'],
  numbers: () => ({}),
  update: (parameter, gradient) => ({ parameter, slots: { gradient: gradient.clone() } }),
};

function results(
  trainer: Trainer,
  target: NamedArray,
): Record<string, { shape: readonly number[]; data: Float32Array }> {
  const loss = trainer.step({ weight: target }, { learningRate: 0 });
  const { slots } = trainer.state();
  trainer.dispose();
  return {
    loss: { shape: [], data: Float32Array.of(loss) },
    a: slots['a/gradient'] as { shape: number[]; data: Float32Array },
    b: slots['b/gradient'] as { shape: number[]; data: Float32Array },
  };
}

describe.skipIf(!tensorFlowWorks)('values and gradients, compiled and eager', () => {
  it.each(opCases)('%s', (_, shapeA, shapeB, compute) => {
    const a = positive(shapeA, 1);
    const b = positive(shapeB, 2);
    const shape = tf.tidy(() => compute(tf.ones([...shapeA]), tf.ones([...shapeB])).shape);
    const options: TrainerOptions = {
      parameters: { a, b },
      optimizer: keepGradients,
      // The last term makes the loss depend on both.
      loss: (p, { weight }) =>
        tf.add(tf.sum(tf.mul(compute(p.a!, p.b!), weight!)), tf.mul(tf.sum(tf.square(p.b!)), 0.01)),
    };
    const expected = results(createEagerTrainer(options), positive(shape, 3));
    const found = results(createCompiledTrainer(options, { xla: 'off' }), positive(shape, 3));
    for (const name of ['loss', 'a', 'b']) {
      expect(relativeError(found[name]!, expected[name]!), name).toBeLessThan(1e-5);
    }
  });
});
