import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Zippable, zipSync } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import { makeGrid } from '../../../variables/grid.js';
import type { Variable } from '../../../variables/variable.js';
import { openDataset } from '../../index.js';
import { makeNpy } from '../../testing/npy-bytes.js';
import { readArchiveImages } from './archive.js';
import { unpackImage, wordsPerImage } from './rasterize.js';

const factors: readonly Variable[] = [3, 2, 4, 3].map((count, i) => ({
  name: `factor${i}`,
  kind: 'ordered',
  levels: Array.from({ length: count }, (_, level) => level),
}));
const grid = makeGrid(factors);
const images = Uint8Array.from({ length: grid.size * 4096 }, (_, i) => ((i * i * 7 + (i >> 9)) >> 3) & 1);
const classes = new BigInt64Array(grid.size * 5);
factors.forEach(({ name }, at) => {
  grid.column(name).forEach((level, image) => {
    classes[image * 5 + at + 1] = BigInt(level);
  });
});

const folder = mkdtempSync(join(tmpdir(), 'heldout-archive-'));
afterAll(() => rmSync(folder, { recursive: true }));

function writeArchive(name: string, changes: Zippable = {}): string {
  const path = join(folder, name);
  const contents = {
    'imgs.npy': makeNpy('|u1', [grid.size, 64, 64], images),
    'latents_classes.npy': makeNpy('<i8', [grid.size, 5], classes),
    ...changes,
  };
  writeFileSync(path, zipSync(contents, { level: 1 }));
  return path;
}

const everything = factors.map(({ levels }) => levels.map((_, level) => level));
function expectImage(words: Uint32Array, slot: number, image: number): void {
  const out = new Float32Array(4096);
  unpackImage(words.subarray(slot * wordsPerImage, (slot + 1) * wordsPerImage), out, 0);
  const expected = images.subarray(4096 * image, 4096 * (image + 1));
  expect(Buffer.compare(Uint8Array.from(out), expected), `image ${image}`).toBe(0);
}

describe('readArchiveImages', () => {
  it('reads every image', async () => {
    const words = await readArchiveImages(writeArchive('good.npz'), factors, everything);
    expect(words.length).toBe(grid.size * wordsPerImage);
    for (let image = 0; image < grid.size; image++) {
      expectImage(words, image, image);
    }
  });

  it('holds only the images that are kept, in grid order', async () => {
    const words = await readArchiveImages(writeArchive('part.npz'), factors, [[1, 2], [0], [0, 3], [1]]);
    expect(words.length).toBe(4 * wordsPerImage);
    const kept = [24 + 1, 24 + 9 + 1, 48 + 1, 48 + 9 + 1];
    kept.forEach((image, slot) => {
      expectImage(words, slot, image);
    });
  });

  it.each([
    [
      'another grid',
      { 'latents_classes.npy': makeNpy('<i8', [1, 5], new BigInt64Array(5)) },
      /images are not the 72 of the grid/,
    ],
    [
      'another order',
      { 'latents_classes.npy': makeNpy('<i8', [72, 5], new BigInt64Array(360)) },
      /images are not/,
    ],
    [
      'another shape',
      { 'imgs.npy': makeNpy('|u1', [72, 4096], images) },
      /expected bytes of shape 72 x 64 x 64, found u1 of 72 x 4096/,
    ],
    ['another type', { 'imgs.npy': makeNpy('<f4', [1], new Float32Array(1)) }, /found f4/],
    [
      'grey pixels',
      {
        'imgs.npy': makeNpy(
          '|u1',
          [72, 64, 64],
          images.map((bit) => 255 * bit),
        ),
      },
      /is 255/,
    ],
    ['missing images', { 'imgs.npy': makeNpy('|u1', [72, 64, 64], images.subarray(4096)) }, /cut off/],
    ['no array', { 'imgs.npy': new Uint8Array(0) }, /cut off/],
  ])('refuses an archive of %s', async (_, changes, message) => {
    const path = writeArchive('bad.npz', changes);
    await expect(readArchiveImages(path, factors, everything)).rejects.toMatchObject({
      name: 'HeldoutError',
      message: expect.stringMatching(message),
    });
  });

  it('is refused by name when the file is missing', async () => {
    const opened = openDataset({ name: 'dsprites', source: 'archive' }, { dataFolder: folder });
    await expect(opened).rejects.toMatchObject({
      place: 'dataset.source',
      hints: expect.arrayContaining([expect.stringContaining('dataset.source=rendered')]),
      exitCode: 2,
    });
  });
});
