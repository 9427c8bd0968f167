import { existsSync, readFileSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { readRecord } from '../../../evaluation/record.js';
import { decodeSafetensors } from '../../../runs/checkpoints/safetensors.js';
import { makeResults, runJob, smallConfig, smallTraining } from '../../testing/jobs.js';

const results = makeResults();
afterAll(() => results.remove());

const configOf = (attacks?: object, more: object = {}) =>
  smallConfig({
    dataset: {
      ...{ name: 'sprites', side: 32, draws: 1 },
      levels: { rendition: { first: 2 }, x: { first: 2 }, y: { first: 2 } },
    },
    split: { rule: 'statement', sets: { train: { hue: ['red', 'green'] }, far: { hue: 'blue' } } },
    objective: { name: 'cross_entropy' },
    training: { ...smallTraining, steps: 10 },
    evaluation: {
      ...{ train_examples: 20, test_examples: 20, batch_size: 16, metrics: ['accuracy'], ...more },
      ...(attacks && { attacks: { kinds: ['fgsm'], examples: 10, target: 'shape', ...attacks } }),
    },
  });

it('keeps images of the last evaluation alone', async () => {
  const { run } = await runJob(configOf({ sizes: [0.3], save: true }), results);
  const { arrays } = decodeSafetensors(readFileSync(run.paths.attacks), run.paths.attacks);
  expect(Object.keys(arrays).sort()).toEqual(['far/fgsm/0.3/example', 'far/fgsm/0.3/image']);
  expect(run.status().files).toHaveProperty('attacks.safetensors');

  // A score that cannot be found: what was there stays, images and numbers.
  const before = [run.paths.attacks, run.paths.record].map((path) => readFileSync(path));
  const ood_detection = { scores: ['knn'], neighbours: 21, in: 'train', out: ['far'], target: 'shape' };
  const failing = configOf({ sizes: [0.2], save: true }, { ood_detection });
  await expect(runJob(failing, results)).rejects.toMatchObject({ code: 'E_DETECTION_NEIGHBOURS' });
  expect([run.paths.attacks, run.paths.record].map((path) => readFileSync(path))).toEqual(before);

  const { run: other } = await runJob(configOf({ sizes: [0.1] }), results);
  expect(other.id).toBe(run.id);
  expect(existsSync(run.paths.attacks)).toBe(false);
  expect(other.status().files).not.toHaveProperty('attacks.safetensors');
  const sizes = readRecord(run.paths.record)!.rows.flatMap(({ group }) => group.size ?? []);
  expect(new Set(sizes)).toEqual(new Set(['0', '0.1']));
});

it('refuses sizes that are none, and one twice', () => {
  for (const sizes of [['8/0'], ['0/255'], [0.1, '0.1']]) expect(() => configOf({ sizes })).toThrow(/sizes/);
  expect(() => configOf({ sizes: ['8/255', 0.1] })).not.toThrow();
});
