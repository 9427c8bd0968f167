import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { makeIdx } from '../testing/idx-bytes.js';
import { readIdx } from './idx.js';

const folder = mkdtempSync(join(tmpdir(), 'heldout-idx-'));
afterAll(() => rmSync(folder, { recursive: true }));
const write = (name: string, bytes: Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};
const whole = makeIdx([2, 3], Uint8Array.of(1, 2, 3, 4, 5, 255));

describe('readIdx', () => {
  it.each([
    ['as it is', whole],
    ['gzipped', gzipSync(whole)],
  ])('reads an array of bytes, %s', (name, bytes) => {
    const { shape, data } = readIdx(write(name, bytes));
    expect(shape).toEqual([2, 3]);
    expect([...data]).toEqual([1, 2, 3, 4, 5, 255]);
  });

  it.each([
    ['empty', Uint8Array.of(), 'not an idx file'],
    ['text', Buffer.from('<html>'), 'not an idx file'],
    ['floats', Uint8Array.of(0, 0, 0x0d, 1, 0, 0, 0, 0), 'not those of type 0xd'],
    ['header', whole.subarray(0, 9), 'cut off within its header'],
    ['short', whole.subarray(0, -2), 'cut off: 2 bytes are missing for an array of 2 x 3'],
    ['long', Buffer.concat([whole, Buffer.alloc(3)]), '3 bytes too long'],
    ['torn.gz', gzipSync(whole).subarray(0, 20), 'damaged or cut off: it cannot be unpacked'],
  ])('refuses a file that is %s', (name, bytes, words) => {
    const path = write(name, bytes);
    expect(() => readIdx(path)).toThrow(words);
    expect(() => readIdx(path)).toThrow(expect.objectContaining({ code: 'E_DATA_FILE', place: path }));
  });
});
