import { expect, it } from 'vitest';
import type { ExperimentConfig } from '../../../config/schema/root.js';
import { openDataset } from '../../../datasets/index.js';
import { makeSplit } from '../../../splits/index.js';
import { makeColumns } from '../../../variables/columns.js';
import { smallConfig } from '../../testing/jobs.js';
import { preparePeople } from '../../testing/people.js';
import { createAugmentedFeed } from './augmented-feed.js';
import { createFeed } from './feed.js';
import { describeResident } from './resident.js';

const augment: NonNullable<ExperimentConfig['training']['augment']> = {
  ...{ crop: null, rand_augment: null, colour_jitter: null, erase: null, mix: null },
  ...{ shift: 0, flip: 0, fill: 128 },
  repeats: 1,
};

const open = (more: object = {}) =>
  openDataset({ name: 'sprites', side: 32, draws: 1, ...more }, { dataFolder: '' });

it('gives a model images as the dataset says, and classes as they are numbered', async () => {
  const [plain, scaled] = [await open(), await open({ normalise: { mean: 0.3, scale: 0.3 } })];
  const examples = Uint32Array.of(0, 3839);
  const [raw, fed] = [plain, scaled].map((dataset) => createFeed(dataset, 2).fill(examples));
  expect(fed!.image!.data).toEqual((raw!.image!.data as Float32Array).map((value) => (value - 0.3) / 0.3));
  expect([...fed!.target!.data]).toEqual([0, 0, 0, 0, 0, 3, 3, 2, 3, 3]);
});

it('normalises each channel by its own numbers, fed and on a device', async () => {
  const [mean, scale] = [[0.1, 0.2, 0.3], 0.5];
  const dataset = await open({ normalise: { mean, scale } });
  const examples = Uint32Array.of(7, 3000);
  const raw = createFeed(await open(), 2).fill(examples).image!.data as Float32Array;
  const fed = createFeed(dataset, 2).fill(examples).image!.data;
  expect(fed).toEqual(raw.map((value, at) => (value - mean[at % 3]!) / scale));
  const sets = { train: { rendition: 'stripes' }, test: { rendition: 'normal' } };
  const split = makeSplit(dataset.table, { rule: 'statement', sets });
  const config = smallConfig({ training: { steps: 10_000, batch_size: 1 } });
  const { form, read } = describeResident({ dataset, split }, config)!.arrays.image!;
  expect(form).toBe('float32');
  const own = createFeed(dataset, 2).fill(split.sets.train.subarray(5, 7)).image!.data;
  expect(read(5, 2)).toEqual(own);
});

it('refuses numbers for channels that images do not have', async () => {
  const normalise = { mean: [0.1, 0.2, 0.3], scale: 0.5 };
  const grey = openDataset({ name: 'dsprites', normalise }, { dataFolder: '' });
  await expect(grey).rejects.toMatchObject({
    code: 'E_DATA_NORMALISE',
    message: '3 channels are to be normalised, but images of dsprites have 1',
  });
});

it('gives images that are mixed the classes of both, by their shares', async () => {
  const dataset = await open({ normalise: { mean: 0.3, scale: 0.3 } });
  const examples = Uint32Array.of(0, 700, 3839);
  const plain = createFeed(dataset, 3).fill(examples);
  const mix = { mixup: 0, cutmix: 1, probability: 1, switch_probability: 0.5 };
  const batch = createAugmentedFeed(dataset, 3, { ...augment, mix }, 5)(examples, 7);
  expect(batch.target).toEqual(plain.target);
  const { shape, data } = batch.soft_target!;
  expect(shape).toEqual([3, 19]);
  // The first two heads of the first and the last example: shapes 0 and 3, hues 0 and 3. The second stays itself.
  const share = data[0]!;
  expect(share).toBeGreaterThan(0);
  expect(share).toBeLessThan(1);
  const rest = Math.fround(1 - share);
  expect([...data.slice(0, 8)].map((value) => Math.fround(value))).toEqual(
    [share, 0, 0, rest, share, 0, 0, rest].map((value) => expect.closeTo(value, 6)),
  );
  expect(data[38 + 3]).toBe(share);
  expect(new Set(data.slice(19, 38))).toEqual(new Set([0, 1]));
  let changed = 0;
  for (let at = 0; at < 3072; at++) changed += Number(batch.image!.data[at] !== plain.image!.data[at]);
  expect(changed).toBeLessThanOrEqual(Math.round((1 - share) * 3072));
  expect(changed).toBeGreaterThan(0);
  const unmixed = createAugmentedFeed(dataset, 3, augment, 5)(examples, 7);
  expect(unmixed.soft_target).toBeUndefined();
  expect(unmixed.image).toEqual(plain.image);
});

it('gives a class out of two as one number, and its share where images are mixed', async () => {
  const sprites = await open();
  const [positive, negative] = [0, 1].map((level) => sprites.table.column('shape').indexOf(level));
  const shape = { ...sprites.table.variable('shape'), levels: ['square', 'other'] };
  const column = sprites.table.column('shape').map((level) => Math.min(level, 1));
  const table = makeColumns(sprites.table.size, [shape], { shape: column });
  const dataset = { ...sprites, table, targets: [{ name: 'shape', kind: 'binary' as const }] };
  const mix = { mixup: 0, cutmix: 1, probability: 1, switch_probability: 0.5 };
  const examples = Uint32Array.of(positive!, negative!);
  const batch = createAugmentedFeed(dataset, 2, { ...augment, mix }, 5)(examples, 7);
  expect([...batch.target!.data]).toEqual([0, 1]);
  const { shape: size, data } = batch.soft_target!;
  expect(size).toEqual([2, 1]);
  expect(data[0]! + data[1]!).toBeCloseTo(1, 6);
  expect(data[1]).toBeGreaterThan(0);
  expect(data[0]).toBeGreaterThan(0);
});

it('gives columns of the examples beside inputs and targets', () => {
  const { dataset } = preparePeople({ size: 20 });
  const group = Float32Array.from(dataset.table.column('group'));
  const feed = createFeed(dataset, 3, { protected: group });
  const batch = feed.fill(Uint32Array.of(7, 0, 19));
  expect(Object.keys(batch).sort()).toEqual(['features', 'protected', 'target']);
  expect(batch.protected).toEqual({ shape: [3], data: Float32Array.of(group[7]!, group[0]!, group[19]!) });
});

it('keeps the same numbers of training sets that stay on a device', async () => {
  const dataset = await open({ normalise: { mean: 0.3, scale: 0.3 } });
  const split = makeSplit(dataset.table, {
    rule: 'statement',
    sets: { train: { rendition: 'stripes' }, test: { rendition: 'normal' } },
  });
  const config = smallConfig({ training: { steps: 10_000, batch_size: 1 } });
  const augmented = { ...config, training: { ...config.training, augment } };
  expect(describeResident({ dataset, split }, augmented)).toBeUndefined();
  const { arrays, examples } = describeResident({ dataset, split }, config)!;
  expect(examples).toBe(768);
  const { form, read } = arrays.image!;
  if (typeof form === 'string') throw new Error('images are bytes');
  const fed = createFeed(dataset, 3).fill(split.sets.train.subarray(5, 8)).image!.data;
  expect(Float32Array.from(read(5, 3), (byte) => form.values[byte]!)).toEqual(fed);
});
