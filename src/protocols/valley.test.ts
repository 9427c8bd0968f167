import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makePeople } from '../datasets/testing/people.js';
import { findLastGoodCheckpoint } from '../runs/checkpoints/checkpoints.js';
import { makeSplit } from '../splits/index.js';
import { readMetrics } from '../tracking/metrics-log.js';
import { findValley } from '../training/valley.js';
import { trainAndEvaluate } from './supervised.js';
import { makeResults, runJob, smallConfig, smallTraining } from './testing/jobs.js';

const folders = [makeResults(), makeResults()] as const;
afterAll(() => {
  for (const folder of folders) folder.remove();
});

const dataset = makePeople();
const sets = {
  train: { hired: ['no', 'yes'] },
  test: { of: 'train', share: 0.3 },
  validation: { of: 'train', share: 0.2 },
};
const material = { dataset, split: makeSplit(dataset.table, { rule: 'statement', sets }) };
const protocol = trainAndEvaluate(async () => material);

async function train(average: object, folder: 0 | 1 = 0, stopAt?: number) {
  const config = smallConfig({
    objective: { name: 'cross_entropy' },
    model: { name: 'mlp', widths: [8] },
    training: {
      ...smallTraining,
      steps: 22,
      checkpoint_every: 4,
      monitor: { every: 3, examples: 20 },
      average,
    },
    evaluation: { metrics: ['accuracy'], train_examples: 40, test_examples: 40, batch_size: 32 },
  });
  const { run, end } = await runJob(config, folders[folder], {
    work: (context) => protocol.run(context),
    ...(stopAt && { stopAt: (event) => event.type === 'checkpoint' && event.step === stopAt }),
  });
  const { state } = findLastGoodCheckpoint(run.paths.checkpoints, run.id).checkpoint!;
  return { end, run, state };
}

describe('a training with a valley', () => {
  it('ends with the mean of all weights where that is what is asked for', async () => {
    const plain = await train({ decay: 'mean' });
    const { state, run } = await train({ valley: { rule: 'paper', converge: 100 } });
    // The last segment has one update alone, and counts as much as one of three.
    const lines = readMetrics(run.paths.metrics).filter(({ kind }) => kind === 'segments');
    expect(lines.map(({ step }) => step)).toEqual([3, 6, 9, 12, 15, 18, 21, 22]);
    for (const [name, { data }] of Object.entries(state.parameters)) {
      const own = plain.state.parameters[name]!.data;
      const all = plain.state.slots[`${name}/average`]!.data;
      for (const [at, value] of data.entries()) {
        // 22 A is the sum of all weights; without the last ones, w, 21 are left in seven segments.
        const expected = ((22 * all[at]! - own[at]!) / 3 + own[at]!) / 8;
        expect(value).toBeCloseTo(expected, 5);
      }
    }
    expect(existsSync(join(run.paths.folder, 'segments'))).toBe(false);
  });

  it('goes on where it was stopped, and says which segments it took', async () => {
    const average = { valley: { converge: 2, tolerance: 3, ratio: 0.01 } };
    const whole = await train(average);
    expect((await train(average, 1, 12)).end.outcome).toBe('interrupted');
    const resumed = await train(average, 1);
    expect(resumed.state).toEqual(whole.state);
    const lines = readMetrics(resumed.run.paths.metrics);
    const losses = lines.filter(({ kind }) => kind === 'segments').map(({ loss }) => Number(loss));
    const found = findValley(losses, { rule: 'corrected', ...average.valley });
    expect(lines.find(({ kind }) => kind === 'valley')).toMatchObject({
      first: found[0],
      last: found.at(-1),
    });
  });
});
