import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../engine/backends/start.js';
import type { Engine } from '../engine/engine.js';
import { readGradients } from '../models/testing/gradients.js';
import { loadObjective } from './index.js';
import { lossOf } from './testing/loss-of.js';
import { arraysOf, columnOf, hired } from './testing/people.js';
import { columnsOf } from './traits.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ backend: 'wasm', threads: 1 });
});

describe('reweighed cross-entropy', () => {
  it('counts every example by its weight', async () => {
    const loss = lossOf(await loadObjective({ name: 'reweighed' }, [hired]));
    const [f, truth, weight] = [
      [2, -1, 0.5],
      [1, 0, 0],
      [0.5, 2, 1.25],
    ];
    const [outputs, { target }] = arraysOf({ outputs: f!, truth: truth!, group: [] });
    const found = readGradients(engine, outputs, loss, { target: target!, weight: columnOf(weight!) });
    const losses = f!.map(
      (logit, at) => weight![at]! * (Math.log(1 + Math.exp(logit)) - truth![at]! * logit),
    );
    expect(found.loss).toBeCloseTo(losses.reduce((sum, each) => sum + each, 0) / 3, 6);
    for (const [at, gradient] of found.gradients.prediction!.data.entries()) {
      const share = 1 / (1 + Math.exp(-f![at]!));
      expect(gradient).toBeCloseTo((weight![at]! * (share - truth![at]!)) / 3, 6);
    }
    expect(columnsOf({ name: 'reweighed' })).toEqual(['weight']);
  });
});
