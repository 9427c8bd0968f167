import { expect, it } from 'vitest';
import type { JsonObject } from '../core/json.js';
import { labelJobs } from './labels.js';

interface Change {
  readonly [section: string]: JsonObject | number;
}

function job(axes: Readonly<Record<string, string>>, change: Change = {}, protocol = 'supervised') {
  const config: JsonObject = {
    seed: 0,
    dataset: { name: 'dsprites' },
    split: { rule: 'random' },
    model: { name: 'mlp' },
    protocol: { name: protocol },
    training: { steps: 500 },
    ...change,
  };
  return { axes, protocol, config };
}

const reference = (axes: Readonly<Record<string, string>>, change: Change = {}) =>
  job({ model: 'train_mean', ...axes }, { model: { name: 'train_mean' }, ...change }, 'reference');
const namesOf = (jobs: readonly (ReturnType<typeof job> & { readonly model?: string })[]) =>
  labelJobs(jobs).map(({ dataset, split, model, seed }) => `${dataset} | ${split} | ${model} | ${seed}`);

it('takes names from the config, and from the option where an axis names one', () => {
  expect(namesOf([job({})])).toEqual(['dsprites | random | mlp | 0']);
  expect(namesOf([job({ seed: '3' }, { seed: 3 })])).toEqual(['dsprites | random | mlp | 3']);
  const options = ['dsprites-reduced', 'dsprites'].map((dataset, index) =>
    job({ dataset }, { dataset: { name: 'dsprites', every: 2 - index } }),
  );
  expect(namesOf(options)).toEqual(['dsprites-reduced | random | mlp | 0', 'dsprites | random | mlp | 0']);
  const models = ['mlp-a', 'mlp-b'].map((model, index) => job({ model }, { model: { name: 'mlp', index } }));
  expect(namesOf(models)).toEqual(['dsprites | random | mlp-a | 0', 'dsprites | random | mlp-b | 0']);
  expect(namesOf([{ ...job({}), model: 'mlp-a' }])).toEqual(['dsprites | random | mlp-a | 0']);
  expect(namesOf([{ ...job({ model: 'mlp-b' }), model: 'mlp-b' }, reference({})])).toEqual([
    'dsprites | random | mlp-b | 0',
    'dsprites | random | train_mean | 0',
  ]);
});

it('adds what else varies, with as much of its key as is needed', () => {
  const rates = [0.001, 0.002].map((rate) =>
    job(
      { model: 'mlp', 'training.optimizer.learning_rate': String(rate), 'training.steps': '500' },
      { training: { steps: 500, rate } },
    ),
  );
  expect(namesOf(rates)).toEqual([
    'dsprites | random | mlp, learning_rate=0.001 | 0',
    'dsprites | random | mlp, learning_rate=0.002 | 0',
  ]);
  const grids = [8, 16].map((every) =>
    job(
      { 'dataset.levels.x.every': String(every), 'dataset.levels.y.every': String(every) },
      { dataset: { name: 'dsprites', every } },
    ),
  );
  expect(namesOf(grids)[0]).toBe('dsprites, x.every=8, y.every=8 | random | mlp | 0');
});

it('gives references the dataset and split of the jobs beside them, and nothing of training', () => {
  const jobs = [8, 16].flatMap((every) =>
    [100, 200].map((steps) =>
      job(
        { 'dataset.levels.x.every': String(every), 'training.steps': String(steps) },
        { dataset: { name: 'dsprites', every }, training: { steps } },
      ),
    ),
  );
  const references = [8, 16].map((every) => reference({}, { dataset: { name: 'dsprites', every } }));
  expect(namesOf([...jobs, ...references]).slice(3)).toEqual([
    'dsprites, every=16 | random | mlp, steps=200 | 0',
    'dsprites, every=8 | random | train_mean | 0',
    'dsprites, every=16 | random | train_mean | 0',
  ]);
});

it('names an axis of no section only where it tells jobs apart', () => {
  const jobs = ['one', 'two'].flatMap((experiment, index) =>
    [0, 1].map((seed) =>
      job(
        { experiment, seed: String(seed) },
        { seed, dataset: { name: 'dsprites', index }, training: { steps: 500 } },
      ),
    ),
  );
  expect(namesOf([...jobs, reference({}, { dataset: { name: 'dsprites', index: 1 } })])).toEqual([
    'dsprites, experiment=one | random | mlp | 0',
    'dsprites, experiment=one | random | mlp | 1',
    'dsprites, experiment=two | random | mlp | 0',
    'dsprites, experiment=two | random | mlp | 1',
    'dsprites, experiment=two | random | train_mean | 0',
  ]);
});

it('refuses two jobs that nothing tells apart', () => {
  const jobs = [1, 2].map((steps) => job({ seed: '0' }, { training: { steps } }));
  expect(() => labelJobs(jobs)).toThrow(
    'two different jobs would both be called dataset dsprites, split random, model mlp, seed 0',
  );
});
