import { expect, it } from 'vitest';
import { openDataset } from '../../datasets/index.js';
import { makeSplit } from '../../splits/index.js';
import { createFeed } from './feed.js';
import { describeResident } from './resident.js';

const open = (more: object = {}) =>
  openDataset({ name: 'sprites', side: 32, draws: 1, ...more }, { dataFolder: '' });

it('gives a model images as the dataset says, and classes as they are numbered', async () => {
  const [plain, scaled] = [await open(), await open({ normalise: { mean: 0.3, scale: 0.3 } })];
  const examples = Uint32Array.of(0, 3839);
  const [raw, fed] = [plain, scaled].map((dataset) => createFeed(dataset, 2).fill(examples));
  expect(fed!.image!.data).toEqual((raw!.image!.data as Float32Array).map((value) => (value - 0.3) / 0.3));
  expect([...fed!.target!.data]).toEqual([0, 0, 0, 0, 0, 3, 3, 2, 3, 3]);
});

it('keeps the same numbers of training sets that stay on a device', async () => {
  const dataset = await open({ normalise: { mean: 0.3, scale: 0.3 } });
  const split = makeSplit(dataset.table, {
    rule: 'statement',
    sets: { train: { rendition: 'stripes' }, test: { rendition: 'normal' } },
  });
  const { arrays, examples } = describeResident({ dataset, split }, 10_000)!;
  expect(examples).toBe(768);
  const { form, read } = arrays.image!;
  if (typeof form === 'string') throw new Error('images are bytes');
  const fed = createFeed(dataset, 3).fill(split.sets.train.subarray(5, 8)).image!.data;
  expect(Float32Array.from(read(5, 3), (byte) => form.values[byte]!)).toEqual(fed);
});
