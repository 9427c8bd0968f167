import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makePeople } from '../datasets/testing/people.js';
import { readPredictions } from '../evaluation/predictions-file.js';
import { findLastGoodCheckpoint } from '../runs/checkpoints/checkpoints.js';
import { makeSplit } from '../splits/index.js';
import { averageAndEvaluate } from './averaged.js';
import { trainAndEvaluate } from './supervised.js';
import {
  makeResults,
  type RanJob,
  type Results,
  runJob,
  smallConfig,
  smallTraining,
} from './testing/jobs.js';

let results: Results;
beforeEach(() => {
  results = makeResults();
});
afterEach(() => results.remove());

const dataset = makePeople();
const sets = {
  train: { hired: ['no', 'yes'] },
  test: { of: 'train', share: 0.3 },
  validation: { of: 'train', share: 0.2 },
};
const material = { dataset, split: makeSplit(dataset.table, { rule: 'statement', sets }) };
const training = trainAndEvaluate(async () => material);
const averaging = averageAndEvaluate(async () => material);

const configure = (sections: object) =>
  smallConfig({
    objective: { name: 'cross_entropy' },
    model: { name: 'mlp', widths: [8] },
    training: { ...smallTraining, steps: 10 },
    evaluation: { metrics: ['accuracy'], train_examples: 40, test_examples: 40, batch_size: 32 },
    ...sections,
  });

const rated = (learning_rate: number, sections: object = {}) =>
  configure({
    training: { ...smallTraining, steps: 10, optimizer: { name: 'adam', learning_rate } },
    ...sections,
  });

const train = (config: ReturnType<typeof configure>) =>
  runJob(config, results, { work: (context) => training.run(context) });

const average = (runs: readonly RanJob[], protocol: object, evaluate = false) =>
  runJob(
    configure({ protocol: { name: 'averaged', from: runs.map(({ run }) => run.id), ...protocol } }),
    results,
    { work: (context) => averaging[evaluate ? 'evaluate' : 'run'](context), evaluate },
  );

const weightsOf = ({ run }: RanJob) =>
  findLastGoodCheckpoint(run.paths.checkpoints, run.id).checkpoint!.state.parameters;
const logitsOf = async ({ run }: RanJob) => (await readPredictions(run.paths.predictions)).logits!.hired!;

describe('the mean of runs', () => {
  it('has the mean of their weights, and is evaluated again to the same', async () => {
    const runs = [await train(rated(1e-2)), await train(rated(3e-2))];
    const own = await average(runs, { of: 'weights' });
    expect(own.end).toMatchObject({ outcome: 'finished', step: 0 });
    const [one, other] = runs.map(weightsOf);
    for (const [name, { data }] of Object.entries(weightsOf(own))) {
      for (const [at, value] of data.entries()) {
        expect(value).toBeCloseTo((one![name]!.data[at]! + other![name]!.data[at]!) / 2, 6);
      }
    }
    const before = await logitsOf(own);
    await average(runs, { of: 'weights' }, true);
    expect(await logitsOf(own)).toEqual(before);
  });

  it('has the mean of their outputs, wherever they began', async () => {
    const runs = [await train(rated(1e-2)), await train(rated(1e-2, { seed: 7 }))];
    const own = await logitsOf(await average(runs, { of: 'logits' }));
    const [one, other] = [await logitsOf(runs[0]!), await logitsOf(runs[1]!)];
    const difference = (logits: ArrayLike<number>, at: number) => logits[at + 1]! - logits[at]!;
    for (let at = 0; at < own.length; at += 2) {
      expect(difference(own, at)).toBeCloseTo((difference(one, at) + difference(other, at)) / 2, 5);
    }
  });

  it('is refused of weights that began elsewhere', async () => {
    const runs = [await train(rated(1e-2)), await train(rated(1e-2, { seed: 7 }))];
    await expect(average(runs, { of: 'weights' })).rejects.toMatchObject({
      code: 'E_AVERAGE_STARTS',
      message: expect.stringContaining('began with different weights (seed'),
    });
  });

  it('keeps those by which validation does not get worse', async () => {
    const runs = [await train(rated(1e-2)), await train(rated(3e-2)), await train(rated(1e-6))];
    const own = await average(runs, { of: 'weights', choose: 'greedy' });
    expect(own.end.outcome).toBe('finished');
  });
});
