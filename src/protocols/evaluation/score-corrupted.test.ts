import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configSchema } from '../../config/schema/root.js';
import { type RunRecord, readRecord } from '../../evaluation/record.js';
import { recomputeRecord } from '../index.js';
import { type Material, prepareMaterial } from '../prepare.js';
import { makeResults, type Results, runJob, smallConfig } from '../testing/jobs.js';
import { preparePeople } from '../testing/people.js';
import { planCorruptions } from './corruption-plan.js';

let results: Results;
beforeEach(() => {
  results = makeResults();
});
afterEach(() => results.remove());

const configOf = (
  corruptions?: object,
  evaluation: object = {},
  split: object = { rule: 'random', share: 0.2 },
) =>
  smallConfig({
    split,
    evaluation: {
      ...{ train_examples: 50, test_examples: 40, batch_size: 32, ...evaluation },
      ...(corruptions && { corruptions }),
    },
  });
const corruptedOf = (record: RunRecord) =>
  record.rows.filter(({ metric }) => metric.startsWith('corrupted_'));

describe('scores on corrupted images', () => {
  const asked = { kinds: ['gaussian_noise', 'jpeg_compression'], severities: [5, 1], combine: true };

  it('stand in the record by kind and severity, whatever the batch, and change nothing of the rest', async () => {
    const { run } = await runJob(configOf(asked), results);
    const record = readRecord(run.paths.record)!;
    const rows = corruptedOf(record);
    const named = rows.filter(({ metric }) => metric === 'corrupted_mse');
    expect(named.map(({ set, group, n }) => [set, group.corruption, group.severity, n])).toEqual([
      ['test', 'none', '0', 40],
      ['test', 'gaussian_noise', '1', 40],
      ['test', 'jpeg_compression', '1', 40],
      ['test', 'all', '1', 80],
      ['test', 'gaussian_noise', '5', 40],
      ['test', 'jpeg_compression', '5', 40],
      ['test', 'all', '5', 80],
    ]);
    const find = (metric: string) =>
      record.rows.find(
        (row) => row.set === 'test' && row.metric === metric && Object.keys(row.group).length === 0,
      )!;
    expect(named[0]!.value).toBeCloseTo(find('mse').value, 6);
    const [, mildNoise, mildFile, mildBoth, strongNoise] = named.map(({ value }) => value);
    expect(mildBoth).toBeCloseTo((mildNoise! + mildFile!) / 2, 6);
    expect(strongNoise).not.toBeCloseTo(mildNoise!, 4);

    const others = makeResults();
    try {
      const again = await runJob(configOf(asked, { batch_size: 7 }), others);
      const found = corruptedOf(readRecord(again.run.paths.record)!);
      found.forEach((row, at) => {
        expect(row).toEqual({ ...rows[at]!, value: expect.closeTo(rows[at]!.value, 5) });
      });
      expect(again.run.id).toBe(run.id);
      const without = await runJob(configOf(), others);
      expect(readRecord(without.run.paths.record)!.rows.filter(({ metric }) => metric === 'mse')).toEqual(
        record.rows.filter(({ metric }) => metric === 'mse'),
      );
    } finally {
      others.remove();
    }
    await runJob(configOf(asked), results, { work: recomputeRecord, evaluate: true });
    expect(readRecord(run.paths.record)).toEqual(record);
  });
});

describe('what is corrupted', () => {
  const sets = {
    train: { not: { x: { at_least: 0.5 } } },
    validation: { of: 'train', share: 0.3 },
    far: { x: { at_least: 0.5 } },
  };
  let material: Material;
  beforeEach(async () => {
    material = await prepareMaterial(configOf(undefined, {}, { rule: 'statement', sets }), results.folder);
  });
  const plan = (corruptions: object, on = material) =>
    planCorruptions({ config: configOf(corruptions), dataFolder: results.folder }, on);

  it('is the set whose levels training has seen, by every kind but frost', async () => {
    const all = (await plan({}))!;
    expect([all.sets, all.scale, all.skipped]).toEqual([['validation'], 'cifar', []]);
    expect(all.corruptions).toHaveLength(18 * 5);
    expect(all.corruptions.some(({ kind }) => kind === 'frost')).toBe(false);
    expect((await plan({ kinds: 'assay', severities: [2], sets: ['far'] }))!.corruptions).toHaveLength(17);
    expect(await planCorruptions({ config: configOf(), dataFolder: '' }, material)).toBeUndefined();
  });

  it('is refused where it cannot be', async () => {
    await expect(plan({ sets: ['near'] })).rejects.toMatchObject({
      code: 'E_SET_UNKNOWN',
      hints: ['use one of: train, validation, far'],
    });
    await expect(plan({ kinds: ['frost'] })).rejects.toMatchObject({ code: 'E_CORRUPTIONS_FROST' });
    await expect(plan({ kinds: ['frost'], frost: 'ice' })).rejects.toMatchObject({ code: 'E_FROST_IMAGES' });
    await expect(plan({}, preparePeople({ size: 60 }))).rejects.toMatchObject({
      code: 'E_CORRUPTIONS_INPUT',
    });
    const words = { dataset: { name: 'dsprites' }, split: { rule: 'random' }, model: { name: 'mlp' } };
    const read = configSchema.safeParse({ ...words, evaluation: { corruptions: { kinds: ['rain'] } } });
    expect(read.error?.message).toContain('gaussian_noise, shot_noise');
    expect(
      configSchema.safeParse({ ...words, evaluation: { corruptions: { severities: [6] } } }).success,
    ).toBe(false);
  });

  it('is named where images are too small for it, and left away when told to', async () => {
    const small = { ...material, dataset: { ...material.dataset, inputs: { image: [8, 8, 1] } } };
    await expect(plan({}, small)).rejects.toMatchObject({
      code: 'E_CORRUPTIONS_SMALL',
      message: expect.stringMatching(/images of 8 pixels .*defocus_blur 1 \(9 pixels\)/),
    });
    const { skipped, corruptions } = (await plan({ too_small: 'skip' }, small))!;
    expect(skipped).toHaveLength(5);
    expect(corruptions).toHaveLength(17 * 5);
  });
});
