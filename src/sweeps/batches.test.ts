import { expect, it } from 'vitest';
import type { JsonObject } from '../core/json.js';
import { batchReplicas } from './batches.js';
import type { PlannedJob } from './plan.js';

const job = (config: JsonObject, protocol = 'supervised') => ({
  job: { protocol, config } as unknown as PlannedJob,
});
const training = (learning_rate: number, batch_size = 64) => ({
  batch_size,
  optimizer: { name: 'adam', learning_rate },
});
const sizes = (jobs: Parameters<typeof batchReplicas>[0], size: number) =>
  batchReplicas(jobs, size).map((batch) => batch.length);

it('puts seeds, splits and numbers together, up to the size', () => {
  const jobs = [0, 1, 2, 3, 4].map((seed) =>
    job({ seed, split: { rule: `${seed}` }, training: training(seed / 10) }),
  );
  expect(sizes(jobs, 3)).toEqual([3, 2]);
  expect(sizes(jobs, 1)).toEqual([1, 1, 1, 1, 1]);
});

it('keeps other models, batches and optimisers apart, and references to themselves', () => {
  const jobs = [
    job({ seed: 0, model: { name: 'cnn' }, training: training(1) }),
    job({ seed: 0, model: { name: 'mlp', widths: [3] }, training: training(1) }),
    job({ seed: 0, model: { name: 'mlp', widths: [4] }, training: training(1) }),
    job({ seed: 0, model: { name: 'cnn' }, training: training(1, 32) }),
    job({
      seed: 0,
      model: { name: 'cnn' },
      training: { ...training(1), optimizer: { name: 'sgd', learning_rate: 1 } },
    }),
    job({ seed: 0, model: { name: 'cnn' } }, 'reference'),
    job({ seed: 1, model: { name: 'cnn' } }, 'reference'),
    job({ seed: 1, model: { name: 'cnn' }, training: training(2) }),
  ];
  expect(sizes(jobs, 8)).toEqual([2, 1, 1, 1, 1, 1, 1]);
});
