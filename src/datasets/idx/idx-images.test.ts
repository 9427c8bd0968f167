import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countLevels } from '../../variables/targets.js';
import { inspectDataFolder } from '../data-files.js';
import type { StoredBytes } from '../dataset.js';
import { openDataset, openTable } from '../index.js';
import { makeIdx } from '../testing/idx-bytes.js';
import { labelOf, pixelOf, writeIdxSource } from '../testing/idx-folder.js';
import { testDataFolder } from '../testing/real-data.js';
import { mnistSource, pacsSource, uspsSource } from './sources.js';

const folder = mkdtempSync(join(tmpdir(), 'heldout-idx-images-'));
const place = { dataFolder: folder };
const count = 12;
beforeAll(() => {
  writeIdxSource(folder, mnistSource, count, 1);
  writeIdxSource(folder, uspsSource, count, 1);
  writeIdxSource(folder, pacsSource, count, 3);
});
afterAll(() => rmSync(folder, { recursive: true }));

const bytesOf = (numbers: Float32Array) => Array.from(numbers, (number) => Math.round(number * 255));

describe('images in idx files', () => {
  it('are a table of parts and classes', async () => {
    const table = await openTable({ name: 'mnist' }, place);
    expect(table.variables.map(({ name, levels }) => [name, levels])).toEqual([
      ['part', ['train', 'test']],
      ['class', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ]);
    expect([...table.column('part')]).toEqual([...Array(12).fill(0), ...Array(12).fill(1)]);
    expect(table.column('class')[14]).toBe(labelOf(2, 10));
  });

  it('keep their pixels and get black ones around them', async () => {
    const dataset = await openDataset({ name: 'mnist', side: 32 }, place);
    expect(dataset.inputs).toEqual({ image: [32, 32, 1] });
    expect(dataset.targets).toEqual([{ name: 'class', kind: 'categorical' }]);
    const out = new Float32Array(2 * 1024);
    dataset.fill('image', [15, 0], out);
    const pixels = bytesOf(out);
    expect(pixels.slice(0, 66)).toEqual(Array(66).fill(0));
    const [row, column] = [5, 9];
    expect(pixels[(row + 2) * 32 + column + 2]).toBe(pixelOf(1, 3, row * 28 + column));
    expect(pixels[1024 + (row + 2) * 32 + column + 2]).toBe(pixelOf(0, 0, row * 28 + column));
  });

  it('are kept as bytes that stand for what fill writes', async () => {
    for (const channels of [1, 3] as const) {
      const dataset = await openDataset({ name: 'usps', side: 16, channels }, place);
      expect(dataset.inputs.image).toEqual([16, 16, channels]);
      const { values, inMemory, read } = dataset.stored!('image') as StoredBytes;
      const [filled, bytes] = [new Float32Array(2 * 256 * channels), new Uint8Array(2 * 256)];
      dataset.fill('image', [3, 20], filled);
      read([3, 20], bytes);
      expect([inMemory, values.length]).toEqual([true, 256 * channels]);
      expect(
        filled.every((number, at) => number === values[channels * bytes[Math.floor(at / channels)]!]),
      ).toBe(true);
      expect(bytes[0]).toBe(pixelOf(0, 3, 0));
    }
  });

  it('unite as domains', async () => {
    const domains = { usps: { fit: 'pad' }, mnist: { crop: 20, fit: 'pad' } } as const;
    const dataset = await openDataset({ name: 'digits', side: 20, channels: 3, domains }, place);
    expect(dataset.table.variables.map(({ name, levels }) => [name, levels.length])).toEqual([
      ['domain', 2],
      ['part', 2],
      ['class', 10],
    ]);
    expect(dataset.table.variable('domain').levels).toEqual(['mnist', 'usps']);
    const out = new Float32Array(2 * 1200);
    dataset.fill('image', [0, 24], out);
    const pixels = bytesOf(out);
    // The middle of MNIST begins at (4, 4), USPS begins behind two black lines.
    expect(pixels.slice(0, 3)).toEqual(Array(3).fill(pixelOf(0, 0, 4 * 28 + 4)));
    expect(pixels[1200]).toBe(0);
    expect(pixels[1200 + 3 * (2 * 20 + 2)]).toBe(pixelOf(0, 0, 0));
    const one = await openDataset({ name: 'digits', domains: { usps: {} } }, place);
    expect(one.table.size).toBe(24);
  });

  it('have domains where a source has them, and colours that become brightness on request', async () => {
    const coloured = await openDataset({ name: 'pacs' }, place);
    const grey = await openDataset({ name: 'pacs', channels: 1 }, place);
    expect(coloured.table.variable('domain').levels).toEqual(['art_painting', 'cartoon', 'photo', 'sketch']);
    expect([...countLevels(coloured.table, 'domain')]).toEqual([12, 12, 12, 12]);
    expect([coloured.environment, coloured.table.label]).toEqual(['domain', 'class']);
    const [a, b] = [new Float32Array(3072), new Float32Array(1024)];
    coloured.fill('image', [13], a);
    grey.fill('image', [13], b);
    const [red, green, blue] = bytesOf(a.subarray(30, 33)) as [number, number, number];
    expect(bytesOf(b)[10]).toBe(Math.floor(0.299 * red + 0.587 * green + 0.114 * blue + 0.5));
  });

  it('are known by their content and how it is made to fit', async () => {
    const fingerprint = async (config: object) =>
      (await openDataset({ name: 'usps', ...config }, place)).fingerprint;
    expect(await fingerprint({})).toBe(await fingerprint({ side: 32, crop: null }));
    const others = [{}, { side: 16 }, { fit: 'pad' }, { crop: 10 }, { channels: 3 }];
    expect(new Set(await Promise.all(others.map(fingerprint))).size).toBe(others.length);
  });

  it('refuse sides that cannot be had', async () => {
    await expect(openDataset({ name: 'mnist', side: 16 }, place)).rejects.toMatchObject({
      place: 'dataset.side',
      message: 'images of mnist have 28 pixels a side: no room for padding',
      hints: ['dataset.side=28', 'dataset.fit=resize'],
    });
    await expect(openTable({ name: 'digits', domains: { usps: { crop: 20 } } }, place)).rejects.toMatchObject(
      { place: 'dataset.domains.usps.crop' },
    );
  });

  it('say what is missing, where it comes from and where to put it', async () => {
    await expect(openTable({ name: 'fashion_mnist' }, place)).rejects.toEqual(
      expect.objectContaining({
        code: 'E_DATA_MISSING',
        message: `the file train-images-idx3-ubyte of fashion_mnist is not in ${folder}`,
        hints: [
          expect.stringMatching(/fashion-mnist\/train-images-idx3-ubyte\.gz .*zalandoresearch/),
          expect.stringContaining('HELDOUT_DATA'),
        ],
      }),
    );
  });

  it('say which file is damaged', async () => {
    const damaged = mkdtempSync(join(tmpdir(), 'heldout-idx-damaged-'));
    writeIdxSource(damaged, uspsSource, count, 1);
    const open = () => openDataset({ name: 'usps' }, { dataFolder: damaged });
    const at = (name: string) => join(damaged, 'usps', name);
    truncateSync(at('test-images-idx3-ubyte'), 500);
    await expect(open()).rejects.toMatchObject({
      code: 'E_DATA_FILE',
      place: at('test-images-idx3-ubyte'),
      message: expect.stringContaining('cut off: 2588 bytes are missing'),
    });
    writeFileSync(at('test-images-idx3-ubyte'), makeIdx([11, 16, 16], new Uint8Array(11 * 256)));
    await expect(open()).rejects.toThrow('there are 11 images and 12 labels');
    writeFileSync(at('test-images-idx3-ubyte'), makeIdx([12, 16, 12], new Uint8Array(12 * 192)));
    await expect(open()).rejects.toThrow('images of usps are 16 x 16, but this array is 12 x 16 x 12');
    writeFileSync(at('test-labels-idx1-ubyte'), makeIdx([12], new Uint8Array(12).fill(10)));
    await expect(open()).rejects.toThrow('usps has 10 classes, and none is 10');
    rmSync(damaged, { recursive: true });
  });
});

/** Examples by part or domain of the published files. */
const published = {
  mnist: [60_000, 10_000],
  fashion_mnist: [60_000, 10_000],
  usps: [7_291, 2_007],
  // All of it, or a part.
  cifar10: undefined,
  pacs: [2_048, 2_344, 1_670, 3_929],
};
const there = inspectDataFolder(testDataFolder).filter(
  ({ dataset, found }) => found !== undefined && Object.hasOwn(published, dataset),
);

describe('published images', () => {
  it.runIf(there.length === 0)('are not tested: there are none in the data folder', () => {
    expect(there).toEqual([]);
  });
  it.each(there.map(({ dataset }) => dataset))('%s', async (name) => {
    const dataset = await openDataset({ name }, { dataFolder: testDataFolder });
    const by = dataset.table.variables[0]!.name;
    const counts = published[name as keyof typeof published];
    if (counts !== undefined) expect([...countLevels(dataset.table, by)]).toEqual(counts);
    expect(Math.min(...countLevels(dataset.table, 'class'))).toBeGreaterThan(0);
    const last = new Float32Array(32 * 32 * dataset.inputs.image![2]!);
    dataset.fill('image', [dataset.table.size - 1], last);
    expect(new Set(last).size).toBeGreaterThan(10);
    expect(Math.max(...last)).toBeLessThanOrEqual(1);
  });
});
