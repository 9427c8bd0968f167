import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openDataset, openTable } from '../index.js';
import type { WildsCsvConfig } from './wilds-csv.js';

const folder = mkdtempSync(join(tmpdir(), 'heldout-wilds-'));
const place = { dataFolder: folder };

async function writeImage(path: string, grey: number, side = 8): Promise<void> {
  const full = join(folder, 'birds', path);
  mkdirSync(dirname(full), { recursive: true });
  const background = { r: grey, g: grey, b: grey };
  await sharp({ create: { width: side, height: side, channels: 3, background } }).toFile(full);
}

beforeAll(async () => {
  vi.stubEnv('HELDOUT_CACHE', join(folder, 'cache'));
  await Promise.all([1, 2, 3, 4, 5].map((at) => writeImage(`img/${at}.png`, 40 * at)));
  await writeImage('img/6.png', 240, 2);
  writeFileSync(
    join(folder, 'birds/metadata.csv'),
    [
      // As pandas writes it: the first column has no name.
      ',path,y,split,place,photographer',
      ...['0,img/1.png,10,0,water,Ann', '1,img/2.png,2,0,land,', '2,img/3.png,0,1,water,Bo'],
      ...['3,img/4.png,10,2,land,Ann', '4,img/5.png,,2,land,Ann', '5,img/6.png,2,5,land,Bo', ''],
    ].join('\n'),
  );
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const config = (more: Partial<WildsCsvConfig> = {}): WildsCsvConfig => ({
  ...{ name: 'wilds_csv', path: 'birds', side: 4, channels: 1, environment: 'place' },
  ...more,
});

describe('images with metadata', () => {
  it('have classes, parts, environments and what else is asked for', async () => {
    const dataset = await openDataset(config({ variables: ['photographer', 'place'] }), place);
    const { table } = dataset;
    expect(table.variables.map(({ name, levels }) => [name, levels])).toEqual([
      ['y', ['0', '2', '10']],
      ['part', ['5', 'test', 'train', 'validation']],
      ['place', ['land', 'water']],
      ['photographer', ['Ann', 'Bo', 'missing']],
    ]);
    expect([...table.column('y')]).toEqual([2, 1, 0, 2, 1]);
    expect(table).toMatchObject({ label: 'y', environment: 'place', size: 5 });
    expect(table.notes).toEqual(['5 images; rows without a value, which are left out: 1']);
    expect(dataset).toMatchObject({
      environment: 'place',
      inputs: { image: [4, 4, 1] },
      targets: [{ name: 'y', kind: 'categorical' }],
    });
    const out = new Float32Array(16);
    dataset.fill('image', [3], out);
    expect(Math.round(255 * out[0]!)).toBe(160);
  });

  it('may have other names, and no parts', async () => {
    const table = await openTable(
      config({ split_names: { 0: 'id', 2: 'ood' }, environment: 'split', target: 'place' }),
      place,
    );
    expect(table).toMatchObject({ label: 'place', environment: 'part', size: 6 });
    expect(table.variable('part').levels).toEqual(['1', '5', 'id', 'ood']);
    const none = await openTable(config({ split_column: null, environment: null }), place);
    expect(none.variables.map(({ name }) => name)).toEqual(['y']);
    expect(none.environment).toBeUndefined();
  });

  it('are named where they are too small or lost, and left out and counted on request', async () => {
    const small = config({ smallest: 4 });
    await expect(openDataset(small, place)).rejects.toMatchObject({
      code: 'E_DATA_FILE',
      message: '1 of 5 images cannot be used: img/6.png (2 x 2 pixels, below 4)',
    });
    const { table } = await openDataset({ ...small, skip_corrupt: true }, place);
    expect(table.notes).toEqual([
      '4 images; rows without a value, which are left out: 1',
      '1 of 5 images are left out: img/6.png (2 x 2 pixels, below 4)',
    ]);
    expect((await openTable({ ...small, skip_corrupt: true }, place)).size).toBe(4);
    writeFileSync(
      join(folder, 'birds/lost.csv'),
      'path,y,split\nimg/1.png,0,train\nimg/9.png,1,val\nimg/2.png,1,val\n',
    );
    const lost = config({ metadata: 'lost.csv', environment: null });
    await expect(openTable(lost, place)).rejects.toThrow(
      '1 of 3 images cannot be used: img/9.png (not there)',
    );
    const kept = await openTable({ ...lost, skip_corrupt: true }, place);
    expect(kept.variable('part').levels).toEqual(['train', 'validation']);
    expect(kept.notes!.at(-1)).toBe('1 of 3 images are left out: img/9.png (not there)');
  });

  it('are refused where columns are not there, or are two things', async () => {
    await expect(openTable(config({ environment: 'hospital' }), place)).rejects.toMatchObject({
      place: 'dataset.environment',
      hints: ['its columns are path, y, split, place, photographer'],
    });
    await expect(openTable(config({ environment: 'y' }), place)).rejects.toMatchObject({
      place: 'dataset.environment',
    });
    await expect(openTable(config({ metadata: 'none.csv' }), place)).rejects.toMatchObject({
      place: 'dataset.metadata',
    });
  });
});
