import { add, mul, sum } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../engine/backends/start.js';
import type { Engine, NamedArrays } from '../../engine/engine.js';
import { loadOptimizer, type OptimizerConfig } from './index.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ backend: 'wasm', threads: 1 });
});

const around = { clip_norm: null, clip_value: null, average: { decay: 0.5, start: 0 } };
const decay = { learning_rate: 0.1, weight_decay: 0.5, decay_biases: false };
const adam = { ...decay, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
const parameters: NamedArrays = Object.fromEntries(
  ['weights', 'signatures'].map((name) => [name, { shape: [1, 2], data: Float32Array.of(1, -2) }]),
);

describe('decay spares the parameters that are named', () => {
  it.each<OptimizerConfig>([
    { name: 'adam', ...adam },
    { name: 'adamw', ...adam },
    { name: 'sgd', ...decay, momentum: 0, nesterov: false },
    { name: 'sgd', ...decay, momentum: 0.9, nesterov: false },
  ])('$name, momentum $momentum', async (optimizer) => {
    const trainer = engine.createTrainer({
      parameters,
      optimizer: await loadOptimizer({ optimizer, ...around }, new Set(['signatures'])),
      // No gradient of its own: what changes is decay's.
      loss: ({ weights, signatures }) => mul(sum(add(weights!, signatures!)), 0),
    });
    trainer.step({}, { learningRate: 0.1 });
    const after = trainer.state().parameters;
    trainer.dispose();
    expect([...after.signatures!.data]).toEqual([1, -2]);
    expect(after.weights!.data[0]).toBeLessThan(1);
    expect(after.weights!.data[1]).toBeGreaterThan(-2);
  });
});
