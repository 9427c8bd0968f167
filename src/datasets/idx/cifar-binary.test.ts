import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDataset } from '../index.js';
import { labelOf, pixelOf, writeIdxSource } from '../testing/idx-folder.js';
import { cifar10Source } from './sources.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'heldout-cifar-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Byte of a channel of a pixel of a record. */
const byteOf = (file: number, record: number, channel: number, pixel: number) =>
  (50 * file + 20 * record + 7 * channel + pixel) % 256;

/** Two records a file: label bytes, then red, green and blue one after the other. */
function writeBinary(path: string, file: number, labels: readonly (readonly number[])[]): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  const records = labels.map((bytes, record) => [
    ...bytes,
    ...[0, 1, 2].flatMap((channel) =>
      Array.from({ length: 1024 }, (_, pixel) => byteOf(file, record, channel, pixel)),
    ),
  ]);
  writeFileSync(join(folder, path), Uint8Array.from(records.flat()));
}

function writeCifar10(): void {
  for (const file of [1, 2, 3, 4, 5]) {
    writeBinary(`cifar-10-batches-bin/data_batch_${file}.bin`, file, [[file], [9]]);
  }
  writeBinary('cifar-10-batches-bin/test_batch.bin', 6, [[0], [7]]);
}

describe('the binary version of CIFAR', () => {
  it('has five files to train on and one to test on, with planes of colours', async () => {
    writeCifar10();
    const { table, fill } = await openDataset({ name: 'cifar10' }, { dataFolder: folder });
    expect([...table.column('class')]).toEqual([1, 9, 2, 9, 3, 9, 4, 9, 5, 9, 0, 7]);
    expect([...table.column('part')]).toEqual([...Array(10).fill(0), 1, 1]);
    const out = new Float32Array(3072);
    fill('image', [5], out);
    const pixel = (at: number) =>
      Array.from(out.subarray(3 * at, 3 * at + 3), (value) => Math.round(value * 255));
    const expected = (at: number) => [0, 1, 2].map((channel) => byteOf(3, 1, channel, at));
    expect([pixel(0), pixel(100), pixel(1023)]).toEqual([expected(0), expected(100), expected(1023)]);
  });

  it('gives way to idx files', async () => {
    writeCifar10();
    writeIdxSource(folder, cifar10Source, 4, 3);
    const { table, fill } = await openDataset({ name: 'cifar10' }, { dataFolder: folder });
    expect([...table.column('class')].slice(0, 4)).toEqual([0, 1, 2, 3].map((at) => labelOf(at, 10)));
    const out = new Float32Array(3072);
    fill('image', [1], out);
    expect(Math.round(out[5]! * 255)).toBe(pixelOf(0, 1, 5));
  });

  it('has two labels a record of CIFAR-100, the fine one second', async () => {
    writeBinary('cifar-100-binary/train.bin', 1, [
      [19, 99],
      [0, 3],
    ]);
    writeBinary('cifar-100-binary/test.bin', 2, [
      [4, 0],
      [4, 42],
    ]);
    const { table, fill } = await openDataset({ name: 'cifar100' }, { dataFolder: folder });
    const { levels } = table.variable('class');
    expect([levels.length, levels[0], levels[99]]).toEqual([100, 'apple', 'worm']);
    expect([...table.column('class')]).toEqual([99, 3, 0, 42]);
    const out = new Float32Array(3072);
    fill('image', [2], out);
    expect(Math.round(out[1]! * 255)).toBe(byteOf(2, 0, 1, 0));
  });

  it('is missed and found damaged with words', async () => {
    const open = () => openDataset({ name: 'cifar10' }, { dataFolder: folder });
    await expect(open()).rejects.toMatchObject({ code: 'E_DATA_MISSING' });
    writeCifar10();
    rmSync(join(folder, 'cifar-10-batches-bin/data_batch_3.bin'));
    await expect(open()).rejects.toMatchObject({
      code: 'E_DATA_MISSING',
      message: expect.stringContaining('data_batch_3.bin of cifar10'),
      hints: expect.arrayContaining([expect.stringContaining('cifar-10-batches-bin/data_batch_3.bin')]),
    });
    writeCifar10();
    const last = join(folder, 'cifar-10-batches-bin/test_batch.bin');
    truncateSync(last, 5000);
    await expect(open()).rejects.toMatchObject({
      place: last,
      message: expect.stringContaining('5000 bytes are no whole number of records of 3073'),
    });
    writeBinary('cifar-10-batches-bin/test_batch.bin', 6, [[10], [7]]);
    await expect(open()).rejects.toThrow('cifar10 has 10 classes, and none is 10');
  });
});
