import { cast, mul, sum } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { tensorFlow } from '../../backends/tensorflow-backend.js';
import type { NamedArrays, SharedTrainer, TrainerOptions } from '../../engine.js';
import { batchOfRows, type StoredForm } from '../../resident.js';
import { array, arrays, descent, network } from '../../testing/network.js';
import { bitValues, type DrawnData, drawResident, pixelValues } from '../../testing/resident.js';
import { startTensorFlowIfThere, tensorFlowWorks } from '../../testing/tensorflow.js';
import { createTensorFlowTrainer } from '../create-trainer.js';
import { createReplicaGroup } from '../replicas/replicas.js';
import { budgetInBytes, createHolding } from './holding.js';

beforeAll(async () => {
  await startTensorFlowIfThere();
});

const settings = { compile: 'always', xla: 'off' } as const;
const batchSize = 5;
const examples = 23;
const shapes = { kernel: [4, 4, 1, 6], bias: [6], 'read-out': [96, 2], offset: [2] };

const drawImages = (form: StoredForm, seed = 1): DrawnData =>
  drawResident(
    { image: { shape: [8, 8, 1], form }, target: { shape: [2], form: 'float32' } },
    examples,
    seed,
  );

/** The rows of a step: any, some twice. */
const rowsOf = (step: number, seed = 0) =>
  Int32Array.from({ length: batchSize }, (_, at) => (7 * step + 3 * at * at + 11 * seed) % examples);

interface Given {
  readonly drawn: DrawnData;
  readonly resident: boolean;
  readonly seed?: number;
  readonly steps?: number;
  readonly from?: number;
  readonly rate?: number;
}

/** Prepares as a run does, then trains as the loop does: several steps at a time where the trainer wants that. */
async function train(
  trainer: SharedTrainer,
  { drawn, resident, seed = 0, steps = 30, from = 0, rate = 0.01 }: Given,
) {
  const inputs = { learningRate: rate };
  const at = (step: number): NamedArrays => {
    const rows = rowsOf(step, seed);
    return resident ? batchOfRows(rows) : drawn.batch(rows);
  };
  const execution = trainer.prepare(drawn.batch(rowsOf(0, seed)), inputs);
  expect(execution.resident).toBe(resident ? 1 : 0);
  const losses: number[] = [];
  let calls = 0;
  while (losses.length < steps) {
    const step = from + losses.length;
    const several = trainer.several?.();
    const count = Math.min(several?.most ?? 1, steps - losses.length);
    if (several === undefined || count < several.least) losses.push(await trainer.step(at(step), inputs));
    else losses.push(...(await several.run(count, (index) => ({ batch: at(step + index), inputs }))));
    calls++;
  }
  return { losses, state: trainer.state(), calls };
}

const optionsOf = (
  { drawn, resident, seed = 0 }: Given,
  more: Partial<TrainerOptions> = {},
): TrainerOptions => ({
  ...network,
  parameters: arrays(shapes, 1000 * seed),
  ...(resident ? { resident: drawn.data } : {}),
  ...more,
});

async function trainAlone(given: Given, more: Partial<TrainerOptions> = {}) {
  const trainer = createTensorFlowTrainer(optionsOf(given, more), settings);
  const result = await train(trainer, given);
  trainer.dispose();
  return result;
}

const numbersOf = ({ losses, state }: Awaited<ReturnType<typeof train>>) => ({ losses, state });

describe.skipIf(!tensorFlowWorks)('resident data', () => {
  it.each([
    ['float32', 'float32'],
    ['pixels of one byte', { values: pixelValues }],
    ['pixels of one bit', { values: bitValues }],
  ] as const)('of %s train to the bits of batches that are fed', async (_, form) => {
    const drawn = drawImages(form);
    for (const steps of [undefined, 100_000]) {
      const more = steps === undefined ? {} : { steps };
      const [fed, resident] = [
        await trainAlone({ drawn, resident: false }, more),
        await trainAlone({ drawn, resident: true }, more),
      ];
      expect(numbersOf(resident)).toEqual(numbersOf(fed));
    }
  });

  it('are read as they lie where every batch is all of them', async () => {
    const drawn = drawImages('float32');
    const all = Int32Array.from({ length: examples }, (_, row) => row);
    const trainWith = async (data: DrawnData['data'] | undefined) => {
      const trainer = createTensorFlowTrainer(
        { ...network, parameters: arrays(shapes, 0), ...(data && { resident: data }) },
        settings,
      );
      const inputs = { learningRate: 0.01 };
      expect(trainer.prepare(drawn.batch(all), inputs).resident).toBe(data === undefined ? 0 : 1);
      const losses: number[] = [];
      // Whatever rows are named: none is gathered.
      const rows = data?.whole === true ? all.map(() => 0) : all;
      for (let step = 0; step < 8; step++)
        losses.push(await trainer.step(data === undefined ? drawn.batch(all) : batchOfRows(rows), inputs));
      const state = trainer.state();
      trainer.dispose();
      return { losses, state };
    };
    const fed = await trainWith(undefined);
    expect(await trainWith({ ...drawn.data, whole: true })).toEqual(fed);
    expect(await trainWith(drawn.data)).toEqual(fed);
  });

  it('are gathered all the same where a batch is some of them, or where they lie as bytes', async () => {
    for (const form of ['float32', { values: pixelValues }] as const) {
      const drawn = drawImages(form);
      const fed = await trainAlone({ drawn, resident: false });
      const given = { drawn: { ...drawn, data: { ...drawn.data, whole: true } }, resident: true };
      expect(numbersOf(await trainAlone(given))).toEqual(numbersOf(fed));
    }
  });

  it('may be int32, and bytes that fill no words', () => {
    const drawn = drawResident(
      { label: { shape: [], form: 'int32' }, x: { shape: [3], form: { values: pixelValues } } },
      examples,
    );
    const options: TrainerOptions = {
      parameters: { w: array([3], 1, 2, 3) },
      optimizer: descent,
      loss: ({ w }, { label, x }) => mul(sum(mul(x!, w!)), sum(cast(label!, 'float32'))),
    };
    const [fed, resident] = [options, { ...options, resident: drawn.data }].map((one) =>
      createTensorFlowTrainer(one, settings),
    );
    const inputs = { learningRate: 0.01 };
    resident!.prepare(drawn.batch(rowsOf(0)), inputs);
    for (let step = 0; step < 10; step++) {
      const loss = fed!.step(drawn.batch(rowsOf(step)), inputs);
      expect(resident!.step(batchOfRows(rowsOf(step)), inputs)).toBe(loss);
    }
    expect(resident!.state()).toEqual(fed!.state());
    for (const trainer of [fed, resident]) trainer!.dispose();
  });

  it('go on with what was fed before, and the other way round', async () => {
    const drawn = drawImages({ values: pixelValues });
    const whole = await trainAlone({ drawn, resident: false });
    for (const first of [false, true]) {
      const trainer = createTensorFlowTrainer(optionsOf({ drawn, resident: first }), settings);
      const { state } = await train(trainer, { drawn, resident: first, steps: 13 });
      trainer.dispose();
      const next = createTensorFlowTrainer(optionsOf({ drawn, resident: !first }), settings);
      next.restore(state);
      const end = await train(next, { drawn, resident: !first, steps: 17, from: 13 });
      next.dispose();
      expect(end.state).toEqual(whole.state);
      expect(end.losses).toEqual(whole.losses.slice(13));
    }
  });

  it('that do not fit the budget are fed', async () => {
    const drawn = drawImages('float32');
    const bytes = examples * (64 + 2) * 4;
    for (const [budget, fits] of [
      [bytes - 1, false],
      [bytes, true],
    ] as const) {
      const trainer = createTensorFlowTrainer(optionsOf({ drawn, resident: true }), {
        ...settings,
        budget: () => budget,
      });
      await train(trainer, { drawn, resident: fits });
      trainer.dispose();
    }
  });

  it('must be what a batch is made of', () => {
    const drawn = drawResident({ image: { shape: [8, 8, 1], form: 'float32' } }, examples);
    const trainer = createTensorFlowTrainer(optionsOf({ drawn, resident: true }), settings);
    const batch = drawImages('float32').batch(rowsOf(0));
    expect(() => trainer.prepare(batch, { learningRate: 1 })).toThrow(
      'the examples of a batch are image [8, 8, 1], target [2], those of the resident data image [8, 8, 1]',
    );
    trainer.dispose();
  });

  it('are freed', async () => {
    const { binding } = tensorFlow();
    const before = [binding.getNumOfTensors(), binding.getNumOfSavedModels()];
    await trainAlone({ drawn: drawImages('float32'), resident: true }, { steps: 100_000 });
    expect([binding.getNumOfTensors(), binding.getNumOfSavedModels()]).toEqual(before);
  });

  it('refuse rows that are not there', () => {
    const drawn = drawImages('float32');
    const trainer = createTensorFlowTrainer(optionsOf({ drawn, resident: true }), settings);
    trainer.prepare(drawn.batch(rowsOf(0)), { learningRate: 1 });
    const rows = Int32Array.of(0, 1, 2, 3, examples);
    expect(() => trainer.step(batchOfRows(rows), { learningRate: 1 })).toThrow(/23.* not in \[0, 23\)/);
    expect(() => trainer.step(drawn.batch(rows.fill(0)), { learningRate: 1 })).toThrow(
      'resident/rows [5] became image [5, 8, 8, 1], target [5, 2]',
    );
    trainer.dispose();
  });
});

describe.skipIf(!tensorFlowWorks).each(['stacked', 'side by side'] as const)(
  'resident replicas, %s',
  (way) => {
    /** Each with rows, parameters and a rate of its own. */
    async function trainTogether(given: readonly Given[], more: Partial<TrainerOptions> = {}) {
      const group = createReplicaGroup(given.length, settings, way);
      const trainers = given.map((one) => group.createTrainer(optionsOf(one, more)));
      return await Promise.all(
        trainers.map(async (trainer, at) => {
          const result = await train(trainer, given[at]!);
          // The others do not wait for it.
          trainer.dispose();
          return result;
        }),
      );
    }

    it.each([
      ['one copy of the data', () => drawImages({ values: pixelValues })],
      ['data of their own', (seed: number) => drawImages({ values: pixelValues }, 10 * seed)],
    ])('with %s have the bits of replicas that are fed, one step or several at a time', async (_, draw) => {
      const given = (resident: boolean): Given[] =>
        [0, 1, 2].map((seed) => ({ drawn: draw(seed), resident, seed, steps: 100, rate: 0.01 / (seed + 1) }));
      const fed = await trainTogether(given(false));
      const resident = await trainTogether(given(true));
      expect(resident.map(numbersOf)).toEqual(fed.map(numbersOf));
      const [together, alone] = [
        await trainTogether(given(true), { steps: 100_000 }),
        await trainTogether(given(false), { steps: 100_000 }),
      ];
      expect(together.map(numbersOf)).toEqual(fed.map(numbersOf));
      expect(alone.map(numbersOf)).toEqual(fed.map(numbersOf));
    });

    it('that make other numbers of steps go on in step', async () => {
      const drawn = drawImages('float32');
      const given = [40, 75, 61].map((steps, seed) => ({ drawn, resident: true, seed, steps }));
      const together = await trainTogether(given, { steps: 100_000 });
      for (const [at, { losses }] of together.entries()) {
        const alone = await trainAlone(given[at]!);
        expect(losses).toEqual(alone.losses.map((loss) => expect.closeTo(loss, 4)));
      }
    });
  },
);

describe('a budget', () => {
  it('is a quarter of what is free, so many megabytes, or nothing', () => {
    expect(budgetInBytes('auto', () => 4e9)).toBe(1e9);
    expect(budgetInBytes('off', () => 4e9)).toBe(0);
    expect(budgetInBytes(300, () => 4e9)).toBe(3e8);
  });

  it('is shared by all that is held, once for each key', () => {
    const size = examples * (64 + 2) * 4;
    const holding = createHolding(() => 2 * size);
    const admit = (seed: number) => {
      const { data, batch } = drawImages('float32', seed);
      return holding.admit(data, batch(rowsOf(0)));
    };
    expect([admit(1), admit(2), admit(1), admit(3)]).toEqual([0, examples, 0, undefined]);
    expect(holding.sources()).toHaveLength(2);
  });
});
