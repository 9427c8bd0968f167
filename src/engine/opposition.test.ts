import { memory, mul, square, sub, sum, type Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from './backends/start.js';
import type { Engine, TrainerOptions } from './engine.js';
import { array, descent } from './testing/network.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ backend: 'wasm', threads: 1 });
});

/** The first loss is |x|²/2, the second u (x_1 + x_2); what x descends is the first gradient less twice the second. */
const options: TrainerOptions = {
  parameters: {
    x: { shape: [2], data: Float32Array.of(3, 1) },
    u: { shape: [], data: Float32Array.of(2) },
  },
  optimizer: descent,
  loss: ({ x }) => mul(sum(square(x!)), 0.5),
  opposition: {
    parameters: ['u'],
    loss: ({ x, u }) => mul(sum(x!), u!) as Tensor,
    combine: ({ x }, opposing) => ({ x: sub(x!, mul(opposing.x!, 2)) }),
  },
};

describe.each([false, true])('a second loss, with a scaled one: %s', (lossScaling) => {
  it('has its own parameters descend it, and the others what is made of both', () => {
    const before = memory().numTensors;
    const trainer = engine.createTrainer({ ...options, lossScaling });
    expect(trainer.step({}, { learningRate: 0.5 })).toBe(5);
    const { x, u } = trainer.state().parameters;
    // The gradients are (3, 1) and (2, 2); that of u is 4.
    expect([...x!.data]).toEqual([3 - 0.5 * (3 - 4), 1 - 0.5 * (1 - 4)]);
    expect([...u!.data]).toEqual([2 - 0.5 * 4]);
    const held = memory().numTensors;
    for (let step = 0; step < 5; step++) trainer.step({}, { learningRate: 0.1 });
    expect(memory().numTensors).toBe(held);
    trainer.dispose();
    expect(memory().numTensors).toBe(before);
  });
});

it('names the parameters that neither loss uses', () => {
  const parameters = { ...options.parameters, v: array([1], 1) };
  const own = { ...options.opposition!, parameters: ['u', 'v'] };
  const trainer = engine.createTrainer({ ...options, parameters, opposition: own });
  expect(() => trainer.step({}, { learningRate: 0.5 })).toThrow('the loss does not depend on v');
  trainer.dispose();
});
