import { backend, memory, mul, square, sub, sum, type Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from './backends/start.js';
import type { Engine } from './engine.js';
import type { BackendWasm } from './kernels/native/backend.js';
import { batchOf, descent, network } from './testing/network.js';

let engine: Engine;

beforeAll(async () => {
  engine = await startEngine({ backend: 'wasm', threads: 'auto' });
});

const learningRate = 0.01;

function train(steps: number) {
  const trainer = engine.createTrainer(network);
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) losses.push(trainer.step(batchOf(step % 3), { learningRate }));
  const state = trainer.state();
  trainer.dispose();
  return { losses, state };
}

describe('createTrainer', () => {
  it('follows gradient descent exactly where the answer is known', () => {
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
    const resumed = engine.createTrainer(network);
    resumed.restore(train(4).state);
    for (let step = 4; step < 9; step++) resumed.step(batchOf(step % 3), { learningRate });
    expect(resumed.state()).toEqual(whole);
    resumed.dispose();
  });

  it('keeps no tensors, and memory does not grow over 300 steps', () => {
    const before = memory().numTensors;
    const trainer = engine.createTrainer(network);
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
    const trainer = engine.createTrainer(network);
    const outputs = trainer.inference((p) => ({ doubled: mul(p.offset!, 2), same: p.bias! }))({});
    expect(outputs.doubled!.data).toEqual(network.parameters.offset!.data.map((value) => 2 * value));
    expect(outputs.same).toEqual(network.parameters.bias);
    trainer.dispose();
  });

  it('names the parameters that the loss does not use', () => {
    const trainer = engine.createTrainer({
      ...network,
      parameters: { ...network.parameters, unused: { shape: [1], data: new Float32Array(1) } },
    });
    expect(() => trainer.step(batchOf(0), { learningRate })).toThrow('the loss does not depend on unused');
    trainer.dispose();
  });

  it('refuses the state of another model', () => {
    const trainer = engine.createTrainer(network);
    const state = trainer.state();
    const parameters = { ...state.parameters, bias: { shape: [7], data: new Float32Array(7) } };
    expect(() => trainer.restore({ ...state, parameters })).toThrow('bias is [7] there and [6] here');
    expect(() => trainer.restore({ ...state, slots: {} })).toThrow('kernel/m is missing there');
    trainer.dispose();
  });
});
