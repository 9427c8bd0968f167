import { expect, it } from 'vitest';
import { makePeople } from '../datasets/testing/people.js';
import { findLastGoodCheckpoint } from '../runs/checkpoints/checkpoints.js';
import { makeSplit } from '../splits/index.js';
import { retrainAndEvaluate } from './dfr.js';
import { trainAndEvaluate } from './supervised.js';
import { makeResults, type RanJob, runJob, smallConfig, smallTraining } from './testing/jobs.js';

const dataset = makePeople();
const sets = {
  train: { hired: ['no', 'yes'] },
  retrain: { of: 'train', share: 0.3 },
  validation: { of: 'train', share: 0.2 },
  mix: { of: 'train', share: 0.1 },
};
const material = { dataset, split: makeSplit(dataset.table, { rule: 'statement', sets }) };

const configure = (sections: object) =>
  smallConfig({
    objective: { name: 'cross_entropy' },
    model: { name: 'mlp', widths: [8] },
    training: { ...smallTraining, steps: 10 },
    evaluation: { metrics: ['accuracy'], train_examples: 40, test_examples: 40, batch_size: 32 },
    ...sections,
  });

it('fits the read-out alone to a set that does not select', async () => {
  const results = makeResults();
  try {
    const training = trainAndEvaluate(async () => material);
    const trained = await runJob(configure({}), results, { work: (context) => training.run(context) });
    const retraining = retrainAndEvaluate(async () => material);
    const retrain = (set: string) =>
      runJob(configure({ protocol: { name: 'dfr', from: trained.run.id, set } }), results, {
        work: (context) => retraining.run(context),
      });
    const weightsOf = ({ run }: RanJob) =>
      findLastGoodCheckpoint(run.paths.checkpoints, run.id).checkpoint!.state.parameters;
    const [before, after] = [weightsOf(trained), weightsOf(await retrain('retrain'))];
    for (const [name, array] of Object.entries(after)) {
      if (name.startsWith('read-out/')) expect(array).not.toEqual(before[name]);
      else expect(array).toEqual(before[name]);
    }
    await expect(retrain('validation')).rejects.toThrow(/chooses between runs/);
    await expect(retrain('mix')).rejects.toThrow(/the set mix is for testing/);
    await expect(retrain('other')).rejects.toThrow(/no set 'other'/);
  } finally {
    results.remove();
  }
});
