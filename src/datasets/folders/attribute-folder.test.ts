import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openDataset, openTable } from '../index.js';
import type { AttributeFolderConfig } from './attribute-folder.js';

const folder = mkdtempSync(join(tmpdir(), 'heldout-attributes-'));
const place = { dataFolder: folder };

async function writeImage(path: string, grey: number): Promise<void> {
  const full = join(folder, path);
  mkdirSync(dirname(full), { recursive: true });
  const background = { r: grey, g: grey, b: grey };
  await sharp({ create: { width: 12, height: 8, channels: 3, background } }).toFile(full);
}

beforeAll(async () => {
  vi.stubEnv('HELDOUT_CACHE', join(folder, 'cache'));
  await Promise.all([1, 2, 3, 4, 5, 6].map((at) => writeImage(`faces/00000${at}.png`, 40 * at)));
  writeFileSync(
    join(folder, 'list_attr_celeba.txt'),
    [
      '6',
      'Smiling Male Young ',
      ...['000001.png  1 -1  1', '000002.png -1  1  1', '000003.png  1  1 -1'],
      ...['000004.png -1 -1  1', '000005.png  1  1  1', '000006.png -1 -1 -1', ''],
    ].join('\n'),
  );
  writeFileSync(
    join(folder, 'fairface.csv'),
    [
      'file,age,gender,race',
      ...['000001.png,0-2,Male,White', '000002.png,20-29,Female,Black', '000003.png,3-9,Female,Indian'],
      ...['000004.png,30-39,Male,White', '000005.png,,Male,White', '000006.png,0-2,Female,Black'],
    ].join('\n'),
  );
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const celeba: AttributeFolderConfig = {
  ...{ name: 'attribute_folder', path: 'faces', attributes: 'list_attr_celeba.txt', side: 4, channels: 1 },
  ...{ target: 'Smiling', protected: 'Male' },
};
const fairface: AttributeFolderConfig = {
  ...celeba,
  attributes: 'fairface.csv',
  target: 'gender',
  protected: 'race',
};

describe('images with attributes', () => {
  it('have those of CelebA’s list', async () => {
    const { table, ...dataset } = await openDataset({ ...celeba, variables: ['Young'] }, place);
    expect(table.variables.map(({ name, levels }) => [name, levels])).toEqual([
      ['Smiling', ['no', 'yes']],
      ['Male', ['no', 'yes']],
      ['Young', ['no', 'yes']],
    ]);
    expect([...table.column('Smiling')]).toEqual([1, 0, 1, 0, 1, 0]);
    expect([...table.column('Male')]).toEqual([0, 1, 1, 0, 1, 0]);
    expect(dataset).toMatchObject({ inputs: { image: [4, 4, 1] }, protected: ['Male'] });
    expect(table.strata).toEqual(['Smiling', 'Male']);
    const out = new Float32Array(2 * 16);
    dataset.fill('image', [4, 0], out);
    expect([out[0]! * 255, out[16]! * 255].map(Math.round)).toEqual([200, 40]);
    expect((await openTable(celeba, place)).notes).toEqual([
      '6 images',
      'target Smiling: yes is positive (no 3, yes 3)',
      'protected Male: no 3, yes 3',
    ]);
  });

  it('have those of a table with more values, which may be grouped', async () => {
    const plain = await openTable(fairface, place);
    expect(plain.variable('race').levels).toEqual(['Black', 'Indian', 'White']);
    const grouped = { ...fairface, target: 'age', positive: ['0-2', '3-9'], protected_positive: 'White' };
    const { table } = await openDataset(grouped, place);
    expect(table.variable('age').levels).toEqual(['not 0-2 or 3-9', '0-2 or 3-9']);
    expect([...table.column('age')]).toEqual([1, 0, 1, 0, 1]);
    expect(table.variable('race').levels).toEqual(['not White', 'White']);
    expect([...table.column('race')]).toEqual([1, 0, 0, 1, 0]);
    expect(table.notes![0]).toBe('5 images; rows without a value, which are left out: 1');
    await expect(openTable({ ...fairface, target: 'age' }, place)).rejects.toMatchObject({
      code: 'E_DATA_TARGET',
      message: expect.stringMatching(/age has 4 values/),
    });
  });

  it('have environments where a column is named', async () => {
    const { table } = await openDataset({ ...celeba, environment: 'Young' }, place);
    expect(table).toMatchObject({ environment: 'Young', label: 'Smiling', strata: ['Smiling', 'Male'] });
    expect(table.variables.map(({ name }) => name)).toEqual(['Smiling', 'Male', 'Young']);
    expect((await openDataset({ ...fairface, environment: 'race' }, place)).environment).toBe('race');
  });

  it('may be drawn from all, the same ones every time', async () => {
    const drawn = async (seed: number) => {
      const { fingerprint, table } = await openDataset({ ...celeba, sample: 4, seed }, place);
      expect(table.size).toBe(4);
      return fingerprint;
    };
    expect(await drawn(0)).toBe(await drawn(0));
    expect(new Set([await drawn(0), await drawn(1), await drawn(2)]).size).toBeGreaterThan(1);
    await expect(openTable({ ...celeba, sample: 7 }, place)).rejects.toMatchObject({
      place: 'dataset.sample',
    });
  });

  it('are named where they are lost or damaged, and left out only on request', async () => {
    await Promise.all([1, 2, 3, 5, 6].map((at) => writeImage(`torn/00000${at}.png`, 10 * at)));
    writeFileSync(join(folder, 'torn/000002.png'), 'no image');
    const torn = { ...celeba, path: 'torn' };
    await expect(openDataset(torn, place)).rejects.toMatchObject({
      code: 'E_DATA_FILE',
      message: expect.stringContaining('000004.png (not there)'),
    });
    const { table, ...dataset } = await openDataset({ ...torn, skip_corrupt: true }, place);
    expect([...table.column('Smiling')]).toEqual([1, 1, 1, 0]);
    const out = new Float32Array(16);
    dataset.fill('image', [2], out);
    expect(Math.round(out[0]! * 255)).toBe(50);
    expect((await openTable({ ...torn, skip_corrupt: true }, place)).size).toBe(4);
  });

  it('are refused where the table is another', async () => {
    const refusal = (more: Partial<AttributeFolderConfig>) => openTable({ ...celeba, ...more }, place);
    await expect(refusal({ target: 'Smile' })).rejects.toMatchObject({
      ...{ code: 'E_DATA_COLUMN', place: 'dataset.target' },
      hints: ['its columns are image, Smiling, Male, Young'],
    });
    await expect(refusal({ attributes: 'nowhere.csv' })).rejects.toMatchObject({
      place: 'dataset.attributes',
    });
    await expect(refusal({ path: 'nowhere' })).rejects.toMatchObject({ place: 'dataset.path' });
    writeFileSync(join(folder, 'short.txt'), '3\nSmiling Male\n000001.png 1 -1\n000002.png -1 1\n');
    await expect(refusal({ attributes: 'short.txt' })).rejects.toMatchObject({
      message: 'the first line promises 3 images, and there are 2',
    });
    writeFileSync(join(folder, 'ragged.txt'), '1\nSmiling Male\n000001.png 1\n');
    await expect(refusal({ attributes: 'ragged.txt' })).rejects.toMatchObject({
      message: 'an image has 1 attributes, not 2',
      place: expect.stringMatching(/ragged\.txt:3$/),
    });
  });
});
