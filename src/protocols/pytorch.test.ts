import '@tensorflow/tfjs-backend-cpu';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import { startEngine } from '../engine/backends/start.js';
import type { Engine } from '../engine/engine.js';
import { compareOnBatch, testAgainstPyTorch, titledCases } from './testing/pytorch.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ backend: 'wasm', threads: 1 });
});

describe('PyTorch and our kernels', () => {
  beforeAll(() => setBackend('wasm'));
  testAgainstPyTorch(() => engine);
});

describe('PyTorch and the plain JavaScript backend', () => {
  beforeAll(() => setBackend('cpu'));

  it.each(titledCases.filter(([, { channels }]) => channels === 1))('agree on %s', (_, golden) =>
    compareOnBatch(engine, golden, 0),
  );
});
