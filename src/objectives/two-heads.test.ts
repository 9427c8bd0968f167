import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../engine/backends/start.js';
import type { Engine } from '../engine/engine.js';
import { readGradients } from '../models/testing/gradients.js';
import type { Head } from '../variables/targets.js';
import { loadObjective } from './index.js';
import { lossOf } from './testing/loss-of.js';
import { arraysOf, type Batch, hired } from './testing/people.js';
import { addedTarget, numbersOf } from './traits.js';
import type { SecondLoss } from './two-heads.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ backend: 'wasm', threads: 1 });
});

const losses = ['mse_sigmoid', 'mse_linear', 'bce'] as const;
const configOf = (second_loss: SecondLoss, second_weight = 0.5) =>
  ({ name: 'two_heads', second_loss, second_weight, shuffled: false }) as const;
const variableOf = (count: number) => ({
  name: 'group',
  kind: 'categorical' as const,
  levels: Array.from({ length: count }, (_, at) => `g${at}`),
});
const headOf = (second_loss: SecondLoss, groups: number): Head => ({
  ...addedTarget(configOf(second_loss), () => variableOf(groups))!,
  start: 1,
  width: groups === 2 ? 1 : groups,
});

const two: Batch = {
  outputs: [
    [2, 0.25],
    [-1, 0.75],
    [0.5, -1],
    [-0.25, 2],
  ],
  truth: [1, 0, 1, 0],
  group: [1, 1, 0, 0],
};
const three: Batch = {
  outputs: [
    [2, 0.25, 1, -1],
    [-1, 0.75, 0.5, 0],
    [0.5, -1, 2, 1.5],
  ],
  truth: [1, 0, 1],
  group: [2, 0, 1],
};

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const bce = (logit: number, truth: number) => Math.log(1 + Math.exp(logit)) - truth * logit;
const secondLosses = {
  mse_sigmoid: (g: number, a: number) => (sigmoid(g) - a) ** 2,
  mse_linear: (g: number, a: number) => (g - a) ** 2,
  bce,
};

/** The definition, with plain numbers. */
function expected({ outputs, truth, group }: Batch, by: SecondLoss, weight: number): number {
  const rows = outputs as readonly (readonly number[])[];
  const first = mean(rows.map(([f], at) => bce(f!, truth[at]!)));
  const second = rows.flatMap(([, ...g], at) =>
    g.map((each, level) => secondLosses[by](each, g.length === 1 ? group[at]! : Number(group[at] === level))),
  );
  return (1 - weight) * first + weight * mean(second);
}

async function evaluate(batch: Batch, by: SecondLoss, second_weight: number, groups: number) {
  const objective = await loadObjective(configOf(by, second_weight), [hired, headOf(by, groups)], { groups });
  const [outputs, given] = arraysOf(batch);
  return readGradients(engine, outputs, lossOf(objective), given, { second_weight });
}

describe('two heads', () => {
  it.each(losses.flatMap((by) => [[by, two, 2] as const, [by, three, 3] as const]))(
    '%s is as defined, and has the gradient of its central differences',
    async (by, batch, groups) => {
      for (const weight of [0.5, 0.2]) {
        const { loss, gradients } = await evaluate(batch, by, weight, groups);
        expect(loss).toBeCloseTo(expected(batch, by, weight), 5);
        const { shape, data } = gradients.prediction!;
        const h = 1e-4;
        for (const [index, gradient] of data.entries()) {
          const [row, column] = [Math.floor(index / shape[1]!), index % shape[1]!];
          const moved = (step: number) => {
            const own = batch.outputs[row] as readonly number[];
            const outputs = batch.outputs.with(row, own.with(column, own[column]! + step));
            return expected({ ...batch, outputs }, by, weight);
          };
          expect(gradient).toBeCloseTo((moved(h) - moved(-h)) / (2 * h), 5);
        }
      }
    },
  );

  it('ask for the protected variable, by one output where there are two groups', () => {
    const asked = (by: SecondLoss, groups: number) => addedTarget(configOf(by), () => variableOf(groups));
    expect(asked('mse_linear', 2)).toEqual({ name: 'group', kind: 'binary', threshold: 0.5 });
    expect(asked('mse_sigmoid', 2)).toEqual({ name: 'group', kind: 'binary' });
    expect(asked('bce', 3)).toEqual({ name: 'group', kind: 'categorical' });
    const fair = { name: 'fair', regulariser: 'squared', strength: 1, shuffled: false } as const;
    expect(addedTarget(fair, () => variableOf(2))).toBeUndefined();
    expect(numbersOf(configOf('bce', 0.25), 0)).toEqual({ second_weight: 0.25 });
  });
});
