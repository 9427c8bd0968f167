import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExperimentConfig } from '../config/schema/root.js';
import { readPredictions } from '../evaluation/predictions-file.js';
import { readRecord } from '../evaluation/record.js';
import { findLastGoodCheckpoint } from '../runs/checkpoints/checkpoints.js';
import { evaluateRun } from './index.js';
import { makeResults, type RanJob, runJob, smallConfig, smallTraining } from './testing/jobs.js';

const results = makeResults();
afterAll(() => results.remove());

const sprites = { name: 'sprites', side: 32, draws: 2, levels: { rendition: { first: 1 } } };
const sections = {
  dataset: sprites,
  split: {
    rule: 'statement',
    sets: {
      train: { hue: ['red', 'green'] },
      validation: { of: 'train', share: 0.3 },
      test: { hue: 'blue' },
    },
  },
  objective: { name: 'cross_entropy' },
  evaluation: { metrics: ['accuracy'], train_examples: 500, test_examples: 60, batch_size: 32 },
  training: { ...smallTraining, steps: 20 },
};
/** Fewer levels of x: the output layer is of another width. */
const target = { ...sprites, levels: { ...sprites.levels, x: { first: 2 } } };
const configure = (protocol: object, more: object = {}) =>
  smallConfig({
    ...sections,
    dataset: target,
    seed: 1,
    protocol: { name: 'adapt', from: upstream.run.id, shots: 3, ...protocol },
    ...more,
  });

let upstream: RanJob;
beforeAll(async () => {
  upstream = await runJob(smallConfig(sections), results);
});

const state = ({ run }: RanJob) => findLastGoodCheckpoint(run.paths.checkpoints, run.id).checkpoint!;
const weights = (job: RanJob) => state(job).state.parameters;
const adapted = (protocol: object, more?: object) => runJob(configure(protocol, more), results);
const logOf = ({ run }: RanJob) => readFileSync(run.paths.log, 'utf8');
const head = ['read-out/kernel', 'read-out/bias'];

describe('adapting', () => {
  it('trains a new output layer alone, or everything', async () => {
    const [only, full] = [await adapted({ mode: 'head' }), await adapted({ mode: 'full' })];
    const [before, after, all] = [upstream, only, full].map(weights);
    expect(after!['read-out/kernel']!.shape).toEqual([8, 17]);
    for (const name of Object.keys(before!).filter((one) => !head.includes(one))) {
      expect(after![name], name).toEqual(before![name]);
      expect(all![name], name).not.toEqual(before![name]);
    }
    expect(all!['read-out/kernel']).not.toEqual(after!['read-out/kernel']);
    expect(logOf(only)).toContain(
      `begins with the weights of run ${upstream.run.id} at step 20; new are ${head.join(', ')}`,
    );
    expect(only.run.manifest()!.data.origin).toEqual({ run: upstream.run.id, step: 20 });
  });

  it('sees so many examples of each class, the same whatever the model and the seed', async () => {
    const mine = await adapted({ draw: 4 });
    const other = await adapted({ draw: 4, mode: 'head' }, { seed: 7 });
    const another = await adapted({ draw: 5 });
    const seen = async ({ run }: RanJob) => {
      const { example, set } = await readPredictions(run.paths.predictions);
      return [...example].filter((_, row) => set[row] === 'train');
    };
    expect(await seen(mine)).toHaveLength(12);
    expect(await seen(other)).toEqual(await seen(mine));
    expect(await seen(another)).not.toEqual(await seen(mine));
    const record = readRecord(mine.run.paths.record)!;
    expect(record.labels).toMatchObject({ protocol: 'adapt', model: 'mlp', seed: '1' });
    expect(new Set(record.rows.map(({ set, n }) => `${set} ${n}`))).toEqual(
      new Set(['train 12', 'validation 60', 'test 60']),
    );
    const all = await adapted({ shots: null });
    expect((await seen(all)).length).toBeGreaterThan(200);
  });

  it('chooses the learning rate on the validation set, once', async () => {
    const rates = [1e-6, 1e-2];
    const whole = await adapted({ rates });
    expect(state(whole).extra).toMatchObject({ learningRate: 1e-2 });
    expect(logOf(whole)).toMatch(/learning rate 0\.000001: accuracy .*\n.*learning rate 0\.01: accuracy/);
    expect(logOf(whole)).toContain('takes the learning rate 0.01');
    const one = makeResults();
    await runJob(smallConfig(sections), one);
    const stopAt = (event: { type: string; step?: number }) =>
      event.type === 'checkpoint' && event.step === 10;
    const stopped = await runJob(configure({ rates }), one, { stopAt });
    expect(stopped.end).toMatchObject({ outcome: 'interrupted', step: 10 });
    const resumed = await runJob(configure({ rates }), one);
    expect(weights(resumed)).toEqual(weights(whole));
    expect(logOf(resumed).match(/takes the learning rate/g)).toHaveLength(1);
    expect(resumed.run.manifest()!.data.origin).toEqual({ run: upstream.run.id, step: 20 });
    one.remove();
  });

  it('takes the averages where the run kept them', async () => {
    const averaged = { ...sections, training: { ...sections.training, average: { decay: 0.5 } } };
    const source = await runJob(smallConfig(averaged), results);
    const job = await adapted({ mode: 'head', from: source.run.id });
    const { slots } = state(source).state;
    expect(weights(job)['dense1/kernel']!.data).toEqual(slots['dense1/kernel/average']!.data);
  });

  it('can be evaluated again', async () => {
    const config = configure({ mode: 'head', draw: 9 });
    const job = await runJob(config, results);
    const before = readFileSync(job.run.paths.record, 'utf8');
    await runJob(config, results, { work: evaluateRun, evaluate: true });
    expect(readFileSync(job.run.paths.record, 'utf8')).toBe(before);
  });

  it('names the parameter that does not fit', async () => {
    const refused = async (model: object, more: object = {}) =>
      expect(adapted({}, { model: { name: 'mlp', ...model }, ...more })).rejects;
    await (await refused({ widths: [16, 4] })).toMatchObject({
      code: 'E_ADAPT_PARAMETERS',
      message: `the parameter dense2/kernel is [16, 8] in run ${upstream.run.id}, but [16, 4] in this model`,
    });
    await (await refused({ widths: [16] })).toThrow(/has a parameter dense2\/\w+, which this model has not/);
    await (await refused({ widths: [16, 8, 8] })).toThrow('has no parameter dense3/kernel');
    const larger = { dataset: { ...target, side: 64 } };
    await (await refused({ widths: [16, 8] }, larger)).toThrow('dense1/kernel is [3072, 16]');
  });

  it('names the run that is not there, or not trained', async () => {
    await expect(adapted({ from: '0123456789' })).rejects.toMatchObject({
      code: 'E_ADAPT_SOURCE',
      message: expect.stringContaining('there is no run 0123456789'),
    });
    const config = smallConfig({ ...sections, seed: 3 });
    const stopped = await runJob(config, results, { stopAt: ({ type }) => type === 'checkpoint' });
    await expect(adapted({ from: stopped.run.id })).rejects.toThrow('is not complete');
  });

  it('has classes to draw examples by, and a set to choose on', async () => {
    const numeric: Partial<Record<keyof ExperimentConfig, unknown>> = {
      ...{ dataset: { name: 'dsprites', levels: { orientation: { first: 4 }, x: { every: 8 } } } },
      ...{ split: { rule: 'random' }, objective: { name: 'squared_error' } },
    };
    await expect(adapted({}, numeric)).rejects.toMatchObject({ code: 'E_ADAPT_CLASSES' });
  });
});
