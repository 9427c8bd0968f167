import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rotate } from '../../augment/affine.js';
import { sha256 } from '../../core/hash.js';
import { countLevels } from '../../variables/targets.js';
import { mnistSource } from '../idx/sources.js';
import { readWholeImages, readWholeLabels } from '../idx/whole-source.js';
import { openDataset, openTable } from '../index.js';
import { readIdx } from '../readers/idx.js';
import { writeIdxSource } from '../testing/idx-folder.js';
import { testDataFolder } from '../testing/real-data.js';

const folder = mkdtempSync(join(tmpdir(), 'heldout-rotated-'));
const place = { dataFolder: folder };
beforeAll(() => writeIdxSource(folder, mnistSource, 36, 1));
afterAll(() => rmSync(folder, { recursive: true }));

describe('rotated digits', () => {
  it('have an angle each, every image once', async () => {
    const { table, inputs, targets, environment } = await openDataset({ name: 'rotated_mnist' }, place);
    expect(table.variable('angle').levels).toEqual([0, 15, 30, 45, 60, 75]);
    expect([...countLevels(table, 'angle')]).toEqual([12, 12, 12, 12, 12, 12]);
    expect([inputs, targets, environment]).toEqual([
      { image: [28, 28, 1] },
      [{ name: 'class', kind: 'categorical' }],
      'angle',
    ]);
    const fewer = await openTable({ name: 'rotated_mnist', per_environment: 5 }, place);
    expect([...countLevels(fewer, 'angle')]).toEqual([5, 5, 5, 5, 5, 5]);
    const classes = (level: number, each: number) =>
      [...table.column('class')].slice(12 * level, 12 * level + each);
    expect([...fewer.column('class')].slice(5, 10)).toEqual(classes(1, 5));
    await expect(openTable({ name: 'rotated_mnist', per_environment: 13 }, place)).rejects.toMatchObject({
      place: 'dataset.per_environment',
      hints: ['dataset.per_environment=12', 'dataset.per_environment=null  takes all'],
    });
  });

  it('are images of the files, turned against the clock', async () => {
    const dataset = await openDataset({ name: 'rotated_mnist' }, place);
    const out = new Float32Array(2 * 784);
    dataset.fill('image', [0, 40], out);
    const bytes = Array.from(out, (value) => Math.round(255 * value));
    const { data } = readWholeImages(mnistSource, readWholeLabels(mnistSource, folder), folder);
    const turned = (image: number, angle: number) => {
      const upright = {
        width: 28,
        height: 28,
        channels: 1,
        data: data.subarray(784 * image, 784 * (image + 1)),
      };
      return [...rotate(upright, angle, 'bilinear', 0).data];
    };
    const images = Array.from({ length: 72 }, (_, at) => at);
    const has = (example: number, angle: number) =>
      images.some((at) => turned(at, angle).every((byte, i) => byte === bytes[784 * example + i]));
    expect([has(0, 0), has(0, 45), has(1, 45), has(1, -45)]).toEqual([true, false, true, false]);
    const other = await openDataset({ name: 'rotated_mnist', seed: 1 }, place);
    expect(other.fingerprint).not.toBe(dataset.fingerprint);
  });
});

/** SHA-256 of the first test image turned by Pillow 11.3: `rotate(angle, BILINEAR, fillcolor=0)`. */
const pillow = {
  15: '43d0bf8599793396',
  30: 'ad9e863a72b791d7',
  45: '464a9288eef40702',
  60: '4ae715c0b9e5eca7',
  75: '2fdf89cdc36612f9',
};
const file = join(testDataFolder, 'mnist/t10k-images-idx3-ubyte.gz');

describe('a published digit', () => {
  it.runIf(!existsSync(file))('is not tested: it is not in the data folder', () => {
    expect(existsSync(file)).toBe(false);
  });
  it.runIf(existsSync(file))('is turned as by Pillow, which torchvision uses', () => {
    const upright = { width: 28, height: 28, channels: 1, data: readIdx(file).data.slice(0, 784) };
    for (const [angle, hash] of Object.entries(pillow)) {
      expect(sha256(rotate(upright, Number(angle), 'bilinear', 0).data).slice(0, 16)).toBe(hash);
    }
  });
});
