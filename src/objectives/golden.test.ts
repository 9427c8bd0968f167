import { beforeAll, describe, it } from 'vitest';
import { startEngine } from '../engine/backends/start.js';
import type { Engine } from '../engine/engine.js';
import { followReference, referenceCases } from './testing/follow-reference.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ backend: 'wasm', threads: 1 });
});

describe('updates of domain generalisation', () => {
  it.each(referenceCases)('%s: as in PyTorch', async (_, one) => {
    await followReference((options) => engine.createTrainer(options), one);
  });
});
