import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../engine/backends/start.js';
import type { Engine } from '../engine/engine.js';
import { readGradients } from '../models/testing/gradients.js';
import type { Head } from '../variables/targets.js';
import type { Regulariser } from './group-gap.js';
import { loadObjective } from './index.js';
import { lossOf } from './testing/loss-of.js';
import { arraysOf, type Batch, hired } from './testing/people.js';
import { numbersOf } from './traits.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ backend: 'wasm', threads: 1 });
});

const people: Batch = {
  outputs: [2, -1, 0.5, -0.25, 1, -2],
  truth: [1, 0, 1, 1, 0, 0],
  group: [1, 1, 0, 0, 1, 0],
};
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

async function evaluate(batch: Batch, regulariser: Regulariser, strength: number, groups = 2) {
  const objective = await loadObjective({ name: 'fair', regulariser, strength, shuffled: false }, [hired], {
    groups,
  });
  const [outputs, given] = arraysOf(batch);
  const { loss, gradients } = readGradients(engine, outputs, lossOf(objective), given, { strength });
  return { loss, gradient: [...gradients.prediction!.data] };
}

/** The regulariser alone. */
async function gap(batch: Batch, regulariser: Regulariser, groups = 2) {
  const [one, none] = [
    await evaluate(batch, regulariser, 1, groups),
    await evaluate(batch, regulariser, 0, groups),
  ];
  return { value: one.loss - none.loss, gradient: one.gradient.map((each, at) => each - none.gradient[at]!) };
}

/** The definition, with plain numbers. */
function expected({ outputs, truth, group }: Batch, regulariser: Regulariser): number {
  const among = (counts: (person: number) => boolean) => {
    const [m0, m1] = [0, 1].map((level) =>
      mean((outputs as number[]).map(sigmoid).filter((_, at) => group[at] === level && counts(at))),
    );
    return m1! - m0!;
  };
  switch (regulariser) {
    case 'squared':
      return among(() => true) ** 2;
    case 'absolute':
      return Math.abs(among(() => true));
    case 'equal_opportunity':
      return among((at) => truth[at] === 1) ** 2;
    case 'equalized_odds':
      return (among((at) => truth[at] === 1) ** 2 + among((at) => truth[at] === 0) ** 2) / 2;
  }
}

const regularisers = ['squared', 'absolute', 'equal_opportunity', 'equalized_odds'] as const;

describe('fair', () => {
  it('has hand values', async () => {
    const half: Batch = {
      outputs: [0, 0, Math.log(3), -Math.log(3)],
      truth: [1, 0, 1, 0],
      group: [0, 0, 1, 1],
    };
    // Means of 1/2 in both groups; among those of truth 1: 3/4 and 1/2, of truth 0: 1/4 and 1/2.
    const values = await Promise.all(regularisers.map(async (by) => (await gap(half, by)).value));
    expect(values.map((value) => Number(value.toFixed(6)))).toEqual([0, 0, 1 / 16, 1 / 16]);
    const apart = { ...half, outputs: [0, 0, Math.log(3), Math.log(3)] };
    const further = await Promise.all(regularisers.map(async (by) => (await gap(apart, by)).value));
    expect(further.map((value) => Number(value.toFixed(6)))).toEqual([1 / 16, 1 / 4, 1 / 16, 1 / 16]);
  });

  it.each(regularisers)(
    '%s is as defined, and has the gradient of its central differences',
    async (regulariser) => {
      const { value, gradient } = await gap(people, regulariser);
      expect(value).toBeCloseTo(expected(people, regulariser), 6);
      const h = 1e-4;
      people.outputs.forEach((output, at) => {
        const moved = (by: number) =>
          expected({ ...people, outputs: people.outputs.with(at, (output as number) + by) }, regulariser);
        expect(gradient[at]).toBeCloseTo((moved(h) - moved(-h)) / (2 * h), 6);
      });
    },
  );

  it.each(regularisers)(
    '%s is nothing, with no gradient, where a group has no example',
    async (regulariser) => {
      for (const group of [people.group.map(() => 0), people.group.map(() => 1)]) {
        const { value, gradient } = await gap({ ...people, group }, regulariser);
        expect(value).toBe(0);
        expect(gradient.every((each) => each === 0)).toBe(true);
      }
    },
  );

  it('counts only labels that both groups have', async () => {
    // Nobody of group 0 is of truth 1.
    const batch = { ...people, truth: people.group.map((group, at) => (group === 1 && at === 0 ? 1 : 0)) };
    expect((await gap(batch, 'equal_opportunity')).value).toBe(0);
    const [m0, m1] = [
      [0.5, -0.25, -2],
      [-1, 1],
    ].map((logits) => mean(logits.map(sigmoid)));
    expect((await gap(batch, 'equalized_odds')).value).toBeCloseTo((m1! - m0!) ** 2 / 2, 6);
  });

  it('of three groups is their mean distance from all', async () => {
    const batch = { ...people, group: [0, 1, 2, 2, 1, 0] };
    const p = (people.outputs as number[]).map(sigmoid);
    const all = mean(p);
    const means = [0, 1, 2].map((level) => mean(p.filter((_, at) => batch.group[at] === level)));
    expect((await gap(batch, 'squared', 3)).value).toBeCloseTo(mean(means.map((m) => (m - all) ** 2)), 6);
    expect((await gap(batch, 'absolute', 3)).value).toBeCloseTo(mean(means.map((m) => Math.abs(m - all))), 6);
    expect((await gap({ ...people, group: [0, 1, 1, 1, 1, 0] }, 'squared', 3)).value).toBe(0);
  });

  it('of strength 0 is cross-entropy to the bit', async () => {
    const objective = await loadObjective({ name: 'cross_entropy', label_smoothing: 0 }, [hired]);
    const [outputs, given] = arraysOf(people);
    const { loss, gradients } = readGradients(engine, outputs, lossOf(objective), given);
    const fair = await evaluate(people, 'squared', 0);
    expect(fair).toEqual({ loss, gradient: [...gradients.prediction!.data] });
  });

  it('has its strength enter a step, and is for one binary target', async () => {
    const config = { name: 'fair', regulariser: 'squared', strength: 7, shuffled: false } as const;
    expect(numbersOf(config, 0)).toEqual({ strength: 7 });
    const shape: Head = { name: 'shape', kind: 'categorical', start: 0, width: 3 };
    for (const heads of [[shape], [hired, { ...hired, start: 1 }], []]) {
      await expect(loadObjective(config, heads, { groups: 2 })).rejects.toMatchObject({
        code: 'E_OBJECTIVE_TARGETS',
        message: expect.stringContaining('the objective fair is for one binary target'),
      });
    }
  });
});
