import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../engine/backends/start.js';
import type { Engine } from '../../engine/engine.js';
import { plans } from '../testing/algorithm-plans.js';
import { expectUpdates, plannedCases } from '../testing/train-algorithm.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ backend: 'wasm', threads: 1 });
});

describe('updates of domain generalisation', () => {
  it('are compared wherever there is a plan', () => {
    expect(plannedCases).toHaveLength(Object.keys(plans).length);
  });

  it.each(plannedCases)('%s: as in PyTorch', async (_, one) => {
    await expectUpdates((options) => engine.createTrainer(options), one);
  });
});
