import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeResults, type RanJob, runJob, smallConfig, smallTraining } from '../../testing/jobs.js';

const folders = [makeResults(), makeResults(), makeResults()] as const;
afterAll(() => {
  for (const folder of folders) folder.remove();
});

const augment = {
  crop: { scale: [0.3, 1] },
  flip: 0.5,
  rand_augment: {},
  erase: { probability: 0.5 },
  mix: {},
  repeats: 2,
};
const configure = (training: object, more: object = {}) =>
  smallConfig({
    dataset: { name: 'sprites', side: 32, draws: 1, levels: { rendition: { first: 1 } } },
    split: { rule: 'statement', sets: { train: { shape: ['square', 'heart'] }, test: { shape: 'ellipse' } } },
    objective: { name: 'cross_entropy', label_smoothing: 0.1 },
    evaluation: { metrics: ['accuracy'], train_examples: 20, test_examples: 20, batch_size: 16 },
    training: { ...smallTraining, steps: 20, ...training },
    ...more,
  });
const weights = ({ run }: RanJob) =>
  readFileSync(join(run.paths.checkpoints, 'step-000020', 'weights.safetensors'));
const logOf = ({ run }: RanJob) => readFileSync(run.paths.log, 'utf8');

describe('training on augmented batches', () => {
  it('ends with the same bits, stopped or not', async () => {
    const whole = await runJob(configure({ augment }), folders[0]);
    const stopped = await runJob(configure({ augment }), folders[1], {
      stopAt: (event) => event.type === 'checkpoint' && event.step === 10,
    });
    expect(stopped.end).toMatchObject({ outcome: 'interrupted', step: 10 });
    const resumed = await runJob(configure({ augment }), folders[1]);
    expect(weights(resumed)).toEqual(weights(whole));
    expect(logOf(whole)).toContain('training data do not stay on the device: every batch is augmented anew');
  });

  it('learns otherwise than on plain ones, whose run keeps its name', async () => {
    const plain = await runJob(configure({}), folders[2]);
    const whole = await runJob(configure({ augment }), folders[2]);
    expect(weights(plain)).not.toEqual(weights(whole));
    expect(plain.run.id).not.toBe(whole.run.id);
    expect(Object.keys(configure({}).training)).not.toContain('augment');
  });

  it('says that data asked for on the device do not stay there', async () => {
    const engine = { backend: 'wasm', threads: 1, resident_data: 64 };
    const job = await runJob(configure({ augment: { flip: 1 }, steps: 20 }, { engine }), folders[1]);
    expect(logOf(job)).toContain('warning: training data do not stay on the device');
  });
});
