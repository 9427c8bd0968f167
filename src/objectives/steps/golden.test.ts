import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../engine/backends/start.js';
import type { Engine } from '../../engine/engine.js';
import { readAlgorithms } from '../testing/algorithms.js';
import { followReference, stepCases } from '../testing/follow-reference.js';
import { plannedAlgorithms } from '../testing/step-plans.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ backend: 'wasm', threads: 1 });
});

describe('updates of an own making', () => {
  it('are compared in every case', () => {
    const theirs = readAlgorithms().cases.filter(({ name }) => plannedAlgorithms.has(name));
    expect(stepCases).toHaveLength(theirs.length);
  });

  it.each(stepCases)('%s: as in PyTorch', async (_, one, plan) => {
    await followReference((options) => engine.createTrainer(options), one, plan);
  });
});
