import {
  backend,
  memory,
  mul,
  reshape,
  type Scalar,
  square,
  squaredDifference,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { sizeOf } from '../core/shape.js';
import { startEngine } from './backends/start.js';
import type { Engine, NamedArrays, Optimizer, TrainerOptions } from './engine.js';
import type { BackendWasm } from './kernels/native/backend.js';
import { adamNumbers, adamUpdate } from './ops/adam-update.js';
import { convolution, linear } from './ops/fused.js';
import { randomValues } from './testing/backends.js';

let engine: Engine;

beforeAll(async () => {
  engine = await startEngine({ backend: 'wasm', threads: 'auto' });
});

const constants = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
const adam: Optimizer = {
  slots: ['m', 'v'],
  numbers: ({ learningRate }, step) => adamNumbers(constants, learningRate, step),
  update(parameter, gradient, slots, { rate, offset }) {
    const numbers = { ...constants, rate: rate!, offset: offset! };
    const [next, m, v] = adamUpdate(parameter, gradient, slots.m!, slots.v!, numbers);
    return { parameter: next, slots: { m, v } };
  },
};

function arrays(shapes: Readonly<Record<string, readonly number[]>>, seed: number): NamedArrays {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape], index) => {
      const size = sizeOf(shape);
      return [name, { shape, data: randomValues(size, seed + index).map((value) => value / 4) }];
    }),
  );
}

const smallNetwork: TrainerOptions = {
  parameters: arrays({ kernel: [4, 4, 1, 6], bias: [6], 'read-out': [6 * 16, 2], offset: [2] }, 1),
  optimizer: adam,
  loss: (p, { image, target }) => {
    const h = convolution(image!, p.kernel!, p.bias!, { stride: 2, padding: 'same', activation: 'relu' });
    const outputs = linear(reshape(h, [-1, 6 * 16]), p['read-out']!, p.offset!);
    return sum(squaredDifference(outputs, target!)) as Scalar;
  },
};
const batchOf = (seed: number) => arrays({ image: [5, 8, 8, 1], target: [5, 2] }, 100 + 10 * seed);
const learningRate = 0.01;

function train(steps: number) {
  const trainer = engine.createTrainer(smallNetwork);
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) losses.push(trainer.step(batchOf(step % 3), { learningRate }));
  const state = trainer.state();
  trainer.dispose();
  return { losses, state };
}

describe('createTrainer', () => {
  it('follows gradient descent exactly where the answer is known', () => {
    const descent: Optimizer = {
      slots: [],
      numbers: () => ({}),
      update: (parameter, gradient, _, numbers) => ({
        parameter: sub(parameter, mul(gradient, numbers.learningRate!)),
        slots: {},
      }),
    };
    const trainer = engine.createTrainer({
      parameters: { x: { shape: [2], data: Float32Array.from([1, 2]) } },
      optimizer: descent,
      loss: ({ x }, { centre }) => sum(square(sub(x as Tensor, centre as Tensor))),
    });
    const batch = { centre: { shape: [2], data: Float32Array.from([0, 1]) } };
    expect(trainer.step(batch, { learningRate: 0.25 })).toBe(2);
    expect([...trainer.state().parameters.x!.data]).toEqual([0.5, 1.5]);
    expect(trainer.step(batch, { learningRate: 0.5 })).toBe(0.5);
    expect(trainer.state()).toEqual({
      parameters: { x: { shape: [2], data: Float32Array.from([0, 1]) } },
      slots: {},
      step: 2,
    });
    trainer.dispose();
  });

  it('learns, and repeats bit for bit', () => {
    const first = train(60);
    expect(first.losses.at(-1)!).toBeLessThan(first.losses[0]! / 10);
    expect(train(60)).toEqual(first);
  });

  it('continues bit for bit from a saved state', () => {
    const whole = train(9).state;
    const resumed = engine.createTrainer(smallNetwork);
    resumed.restore(train(4).state);
    for (let step = 4; step < 9; step++) resumed.step(batchOf(step % 3), { learningRate });
    expect(resumed.state()).toEqual(whole);
    resumed.dispose();
  });

  it('keeps no tensors, and memory does not grow over 300 steps', () => {
    const before = memory().numTensors;
    const trainer = engine.createTrainer(smallNetwork);
    const heap = () => (backend() as BackendWasm).wasm.HEAPU8.byteLength;
    for (let step = 0; step < 10; step++) trainer.step(batchOf(step % 3), { learningRate });
    const [tensors, bytes] = [memory().numTensors, heap()];
    for (let step = 0; step < 300; step++) trainer.step(batchOf(step % 3), { learningRate });
    trainer.inference((p, { image }) => ({ h: mul(image!, sum(p.bias!)) }))(batchOf(0));
    trainer.restore(trainer.state());
    expect(memory().numTensors).toBe(tensors);
    expect(heap()).toBe(bytes);
    trainer.dispose();
    expect(memory().numTensors).toBe(before);
  });

  it('infers from the current parameters', () => {
    const trainer = engine.createTrainer(smallNetwork);
    const outputs = trainer.inference((p) => ({ doubled: mul(p.offset!, 2), same: p.bias! }))({});
    expect(outputs.doubled!.data).toEqual(smallNetwork.parameters.offset!.data.map((value) => 2 * value));
    expect(outputs.same).toEqual(smallNetwork.parameters.bias);
    trainer.dispose();
  });

  it('names the parameters that the loss does not use', () => {
    const trainer = engine.createTrainer({
      ...smallNetwork,
      parameters: { ...smallNetwork.parameters, unused: { shape: [1], data: new Float32Array(1) } },
    });
    expect(() => trainer.step(batchOf(0), { learningRate })).toThrow('the loss does not depend on unused');
    trainer.dispose();
  });

  it('refuses the state of another model', () => {
    const trainer = engine.createTrainer(smallNetwork);
    const state = trainer.state();
    const parameters = { ...state.parameters, bias: { shape: [7], data: new Float32Array(7) } };
    expect(() => trainer.restore({ ...state, parameters })).toThrow('bias is [7] there and [6] here');
    expect(() => trainer.restore({ ...state, slots: {} })).toThrow('kernel/m is missing there');
    trainer.dispose();
  });
});
