import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { PredictionsTable } from '../evaluation/predictions.js';
import { readPredictions } from '../evaluation/predictions-file.js';
import { readRecord } from '../evaluation/record.js';
import { findLastGoodCheckpoint } from '../runs/checkpoints/checkpoints.js';
import { readSource } from './adapt/source.js';
import { addTarget, type Material } from './prepare.js';
import { trainAndEvaluate } from './supervised.js';
import { makeResults, type RanJob, runJob, smallConfig, smallTraining } from './testing/jobs.js';
import { preparePeople } from './testing/people.js';
import { drawBatches } from './training/batches/resident.js';

const [results, others] = [makeResults(), makeResults()];
afterAll(() => {
  for (const folder of [results, others]) folder.remove();
});

const configure = (
  objective: object,
  { training = {}, seed = 0 }: { training?: object; seed?: number } = {},
) =>
  smallConfig({
    seed,
    objective,
    model: { name: 'mlp', widths: [8] },
    training: {
      ...smallTraining,
      ...{ steps: 150, batch_size: 32, checkpoint_every: 50, monitor: { every: 75, examples: 50 } },
      optimizer: { name: 'adam', learning_rate: 0.02 },
      ...training,
    },
    evaluation: {
      metrics: ['accuracy', 'worst_group_accuracy'],
      groups: [['group']],
      ...{ train_examples: 200, test_examples: 200, batch_size: 64 },
    },
  });

/** Trains on these people; returns the predictions and the test accuracy of each target, the mean under `all`. */
async function trainOn(people: Material, config: ReturnType<typeof configure>, folder = results) {
  const material = { ...people, dataset: addTarget(people.dataset, config) };
  const protocol = trainAndEvaluate(async () => material);
  const { run, end } = await runJob(config, folder, { work: (context) => protocol.run(context) });
  const rows = readRecord(run.paths.record)!.rows.filter(({ set }) => set === 'test');
  const accuracy = rows
    .filter(({ metric, group }) => metric === 'accuracy' && !('by' in group))
    .map(({ group, value }) => [group.target ?? group.targets ?? 'overall', value]);
  return {
    run,
    end,
    rows,
    table: await readPredictions(run.paths.predictions),
    accuracy: Object.fromEntries(accuracy),
  };
}

/** Trains 40 steps, or stops when the checkpoint of a step is saved. */
function train(
  people: Material,
  config: ReturnType<typeof configure>,
  folder: typeof results,
  stop?: number,
) {
  const protocol = trainAndEvaluate(async () => people);
  return runJob(config, folder, {
    work: (context) => protocol.run(context),
    stopAt: (event) => event.type === 'checkpoint' && event.step === stop,
  });
}

const weightsOf = ({ run }: RanJob) =>
  readFileSync(join(run.paths.checkpoints, 'step-000040', 'weights.safetensors'));

describe('a binary target', () => {
  it('is learned, and scored as classes are', async () => {
    const { table, accuracy } = await trainOn(preparePeople(), configure({ name: 'cross_entropy' }));
    expect(accuracy.overall).toBeGreaterThan(0.75);
    expect(table.logits!.hired!.filter((_, at) => at % 2 === 0).every((logit) => logit === 0)).toBe(true);
  });
});

describe('two heads', () => {
  it('answer for the protected variable, which no mean counts', async () => {
    const { table, accuracy, rows } = await trainOn(preparePeople(), configure({ name: 'two_heads' }));
    expect(Object.keys(table.logits!)).toEqual(['hired', 'group']);
    expect(table.context.beside).toEqual(['group']);
    expect(accuracy.overall).toBe(accuracy.hired);
    expect(accuracy.hired).toBeGreaterThan(0.75);
    expect(accuracy.group).toBeGreaterThan(0.75);
    const worst = rows.filter(({ metric }) => metric === 'worst_group_accuracy');
    expect(worst.find(({ group }) => group.target === undefined)!.value).toBe(
      worst.find(({ group }) => group.target === 'hired')!.value,
    );
  });

  it('answer with an output for each of three groups', async () => {
    const { table, accuracy } = await trainOn(
      preparePeople({ groups: 3 }),
      configure({ name: 'two_heads' }, { seed: 1 }),
    );
    expect(table.logits!.group!.length).toBe(3 * table.example.length);
    expect(accuracy.group).toBeGreaterThan(0.6);
  });

  it('tell nothing of it where they were trained on a permutation', async () => {
    const { accuracy } = await trainOn(preparePeople(), configure({ name: 'two_heads', shuffled: true }));
    expect(accuracy.hired).toBeGreaterThan(0.75);
    expect(accuracy.group).toBeLessThan(0.65);
  });
});

/** Rate of positive answers in group 1 less that in group 0. */
function gapOf({ logits, variables }: PredictionsTable): number {
  const rate = (level: number) => {
    const rows = [...variables.group!.keys()].filter((row) => variables.group![row] === level);
    return rows.filter((row) => logits!.hired![2 * row + 1]! > 0).length / rows.length;
  };
  return rate(1) - rate(0);
}

describe('groups', () => {
  it('are answered more alike under each of the objectives that are for it', async () => {
    const people = preparePeople({ size: 600 });
    const gap = async (objective: object) =>
      gapOf((await trainOn(people, configure(objective, { seed: 2 }))).table);
    const plain = await gap({ name: 'cross_entropy' });
    expect(plain).toBeGreaterThan(0.3);
    expect(Math.abs(await gap({ name: 'fair', strength: 10 }))).toBeLessThan(plain - 0.2);
    expect(await gap({ name: 'fair', strength: 10, shuffled: true })).toBeGreaterThan(plain - 0.1);
    expect(await gap({ name: 'reweighed' })).toBeLessThan(plain - 0.03);
    expect(Math.abs(await gap({ name: 'adversarial' }))).toBeLessThan(plain - 0.1);
  });
});

describe('an adversary', () => {
  it('is a part of the checkpoint, so that a stopped run ends with the same bits', async () => {
    const config = configure({ name: 'adversarial' }, { training: { steps: 40, checkpoint_every: 20 } });
    const whole = await train(preparePeople(), config, results);
    const stopped = await train(preparePeople(), config, others, 20);
    expect(stopped.end).toMatchObject({ outcome: 'interrupted', step: 20 });
    const resumed = await train(preparePeople(), config, others);
    expect(weightsOf(resumed)).toEqual(weightsOf(whole));
    const { state } = findLastGoodCheckpoint(whole.run.paths.checkpoints, whole.run.id).checkpoint!;
    expect(Object.keys(state.parameters)).toContain('adversary/kernel');
    expect(Object.keys(readSource(whole.run.paths, whole.run.id).parameters)).not.toContain(
      'adversary/kernel',
    );
  });
});

describe('stratified batches', () => {
  const people = preparePeople({ groups: 3 });
  const stratified = { steps: 40, checkpoint_every: 20, stratify: true };
  const config = configure({ name: 'fair', strength: 5 }, { training: stratified });

  it('have the groups by their shares in the training set', () => {
    const { train } = people.split.sets;
    const column = people.dataset.table.column('group');
    const batches = drawBatches(people, config);
    for (let step = 0; step < 20; step++) {
      for (const level of [0, 1, 2]) {
        const count = (examples: Uint32Array) =>
          examples.filter((example) => column[example] === level).length;
        const expected = (32 * count(train)) / train.length;
        expect(Math.abs(count(batches(step)) - expected)).toBeLessThan(1.5);
      }
    }
  });

  it('end with the same bits, stopped or not', async () => {
    const whole = await train(people, config, results);
    const stopped = await train(people, config, others, 20);
    expect(stopped.end).toMatchObject({ outcome: 'interrupted', step: 20 });
    expect(weightsOf(await train(people, config, others))).toEqual(weightsOf(whole));
  });

  it('need a protected variable', () => {
    const { protected: _none, ...plain } = people.dataset;
    expect(() => drawBatches({ ...people, dataset: plain }, config)).toThrow(
      'training.stratify needs a protected variable, and the dataset people names none',
    );
    expect(Object.keys(configure({ name: 'fair' }).training)).not.toContain('stratify');
  });
});
