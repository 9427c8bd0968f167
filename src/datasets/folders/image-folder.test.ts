import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openDataset, openTable } from '../index.js';
import type { ImageFolderConfig } from './image-folder.js';
import { fitSquare } from './images/decode.js';

const folder = mkdtempSync(join(tmpdir(), 'heldout-image-folder-'));
const place = { dataFolder: folder };
const cache = join(folder, 'cache');

/** A plain image of one colour. */
async function writeImage(path: string, [red, green, blue]: readonly number[], width = 8, height = 8) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  const data = Uint8Array.from({ length: width * height * 3 }, (_, at) => [red, green, blue][at % 3]!);
  await sharp(data, { raw: { width, height, channels: 3 } }).toFile(join(folder, path));
}

const colours: Readonly<Record<string, readonly number[]>> = {
  'pets/photo/cat/1.png': [250, 10, 20],
  'pets/photo/cat/2.png': [240, 20, 30],
  'pets/photo/dog/images/1.PNG': [10, 240, 30],
  'pets/sketch/dog/3.png': [100, 110, 120],
  'pets/sketch/emu/1.webp': [0, 0, 0],
};
const config: ImageFolderConfig = { name: 'image_folder', path: 'pets', layout: 'domain/class', side: 4 };

beforeAll(async () => {
  vi.stubEnv('HELDOUT_CACHE', cache);
  for (const [path, colour] of Object.entries(colours)) await writeImage(path, colour);
  writeFileSync(join(folder, 'pets/photo/cat/notes.txt'), 'no image');
  writeFileSync(join(folder, 'pets/photo/cat/._1.png'), 'no image');
  await writeImage('pets/stray.png', [1, 2, 3]);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

describe('images in folders', () => {
  it('are a table of the folders, sorted', async () => {
    const table = await openTable(config, place);
    expect(table.size).toBe(5);
    expect(table.variables.map(({ name, levels }) => [name, levels])).toEqual([
      ['domain', ['photo', 'sketch']],
      ['class', ['cat', 'dog', 'emu']],
    ]);
    expect([...table.column('domain')]).toEqual([0, 0, 0, 1, 1]);
    expect([...table.column('class')]).toEqual([0, 0, 1, 1, 2]);
    const { variable } = await openTable({ ...config, layout: 'class' }, place);
    expect(variable('class').levels).toEqual(['photo', 'sketch']);
  });

  it('are decoded once', async () => {
    const dataset = await openDataset(config, place);
    expect(dataset.inputs).toEqual({ image: [4, 4, 3] });
    expect(dataset.environment).toBe('domain');
    const out = new Float32Array(2 * 48);
    dataset.fill('image', [3, 1], out);
    const pixel = (at: number) => Array.from(out.subarray(at, at + 3), (value) => Math.round(value * 255));
    expect([pixel(0), pixel(45), pixel(48)]).toEqual([
      [100, 110, 120],
      [100, 110, 120],
      [240, 20, 30],
    ]);
    const written = () =>
      readdirSync(join(cache, 'images')).map((name) => statSync(join(cache, 'images', name)).mtimeMs);
    const before = written();
    const again = await openDataset(config, place);
    expect(again.fingerprint).toBe(dataset.fingerprint);
    expect(written()).toEqual(before);
    expect((await openDataset({ ...config, channels: 1 }, place)).inputs.image).toEqual([4, 4, 1]);
    expect((await openDataset({ ...config, side: 2 }, place)).fingerprint).not.toBe(dataset.fingerprint);
  });

  it('are decoded again where a file changed, or the cache is cut off', async () => {
    const former = await openDataset(config, place);
    await writeImage('pets/sketch/dog/3.png', [9, 9, 9], 6, 6);
    const changed = await openDataset(config, place);
    const out = new Float32Array(48);
    changed.fill('image', [3], out);
    expect(Math.round(out[0]! * 255)).toBe(9);
    expect(changed.fingerprint).not.toBe(former.fingerprint);
    for (const name of readdirSync(join(cache, 'images'))) {
      if (name.endsWith('.bin')) writeFileSync(join(cache, 'images', name), 'short');
    }
    expect((await openDataset(config, place)).fingerprint).toBe(changed.fingerprint);
  });

  it('may be links: what two folders share is one class', async () => {
    mkdirSync(join(folder, 'both'), { recursive: true });
    await writeImage('other/dog/7.png', [7, 7, 7]);
    symlinkSync(join(folder, 'pets/photo'), join(folder, 'both/a'));
    symlinkSync(join(folder, 'other'), join(folder, 'both/b'));
    const table = await openTable({ ...config, path: 'both' }, place);
    expect(table.variable('class').levels).toEqual(['cat', 'dog']);
    expect([...table.column('class')]).toEqual([0, 0, 1, 1]);
  });

  it('are named where they cannot be decoded, and left out only on request', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await writeImage(`torn/x/${name}.jpg`, [50, 60, 70], 64, 64);
    await writeImage('torn/y/1.png', [1, 2, 3]);
    writeFileSync(join(folder, 'torn/x/b.jpg'), 'no JPEG');
    writeFileSync(join(folder, 'torn/x/e.png'), '');
    const torn: ImageFolderConfig = { name: 'image_folder', path: 'torn', side: 8 };
    await expect(openDataset(torn, place)).rejects.toMatchObject({
      code: 'E_DATA_FILE',
      place: join(folder, 'torn'),
      message: expect.stringMatching(/^2 of 6 images cannot be used: x\/b\.jpg \(.+\), x\/e\.png \(.+\)$/),
      hints: expect.arrayContaining(['dataset.skip_corrupt=true leaves them out']),
    });
    const kept = await openDataset({ ...torn, skip_corrupt: true }, place);
    expect([...kept.table.column('class')]).toEqual([0, 0, 0, 1]);
    expect((await openTable({ ...torn, skip_corrupt: true }, place)).size).toBe(4);
    const out = new Float32Array(192);
    kept.fill('image', [3], out);
    expect(Array.from(out.subarray(0, 3), (value) => Math.round(value * 255))).toEqual([1, 2, 3]);
  });

  it('are missed with words', async () => {
    await expect(openTable({ ...config, path: 'nowhere' }, place)).rejects.toMatchObject({
      code: 'E_DATA_MISSING',
      place: 'dataset.path',
    });
    mkdirSync(join(folder, 'empty'));
    await expect(openTable({ ...config, path: 'empty' }, place)).rejects.toThrow(
      'there is no image in folders domain/class/',
    );
  });
});

describe('a photograph', () => {
  // Columns 0, 1, 2, 3 with bytes 0, 60, 120, 180.
  const wide = { height: 2, width: 4, channels: 1, data: Uint8Array.of(0, 60, 120, 180, 0, 60, 120, 180) };
  const fit = { side: 2, fit: 'cover', share: 1, channels: 1 } as const;
  it('is covered by its middle, or squashed', () => {
    expect([...fitSquare(wide, fit).data]).toEqual([60, 120, 60, 120]);
    expect([...fitSquare(wide, { ...fit, side: 1, share: 0.5 }).data]).toEqual([60]);
    // Each column is a triangle over four columns: (3 * 0 + 3 * 60 + 120) / 7 and its mirror image.
    expect([...fitSquare(wide, { ...fit, fit: 'squash' }).data]).toEqual([43, 137, 43, 137]);
  });
  it('has three equal channels where it is grey', () => {
    expect([...fitSquare(wide, { ...fit, side: 1, channels: 3 }).data]).toEqual([90, 90, 90]);
  });
});
