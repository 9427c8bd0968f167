import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { zipSync } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import { drawBelow, stream } from '../../random/stream.js';
import { makeNpy } from '../testing/npy-bytes.js';
import { realFrames } from '../testing/real-data.js';
import { readNpy } from './npy.js';
import { readNpz } from './npz.js';
import { readZipDirectory, readZipEntry } from './zip.js';

const folder = mkdtempSync(join(tmpdir(), 'heldout-npz-'));
afterAll(() => rmSync(folder, { recursive: true }));
const write = (name: string, bytes: Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};

describe('readNpy', () => {
  it.each([
    ['|u1', Uint8Array.of(0, 255, 7)],
    ['|b1', Uint8Array.of(0, 1, 1)],
    ['<f4', Float32Array.of(0.5, -2, Number.POSITIVE_INFINITY)],
    ['<f8', Float64Array.of(Math.PI, -0, 1e300)],
    ['<i2', Int16Array.of(-5, 300, 0)],
    ['<i4', Int32Array.of(-5, 70_000, 0)],
    ['<i8', BigInt64Array.of(-5n, 2n ** 40n, 0n)],
    ['<u8', BigUint64Array.of(5n, 2n ** 40n, 0n)],
  ])('%s', (descr, data) => {
    const array = readNpy(makeNpy(descr, [3], data), 'a.npy');
    expect(array.shape).toEqual([3]);
    expect([...array.data]).toEqual([...data].map(Number));
  });

  it('reads scalars, matrices and empty arrays', () => {
    expect(readNpy(makeNpy('<f8', [], Float64Array.of(2)), 'a').data).toEqual(Float64Array.of(2));
    expect(readNpy(makeNpy('|u1', [2, 3], new Uint8Array(6)), 'a').shape).toEqual([2, 3]);
    expect(readNpy(makeNpy('<f4', [0, 3], new Float32Array(0)), 'a').data.length).toBe(0);
  });

  it('says what is wrong with what it cannot read', () => {
    const good = makeNpy('<f8', [3], Float64Array.of(1, 2, 3));
    expect(() => readNpy(good.subarray(0, good.length - 5), 'a')).toThrow('5 bytes are missing');
    expect(() => readNpy(good.subarray(0, 40), 'a')).toThrow('within its header');
    expect(() => readNpy(Buffer.from('PK not an array'), 'a')).toThrow('not a numpy array');
    expect(() => readNpy(makeNpy('<U11', [1], new Uint8Array(44)), 'a')).toThrow("type 'U11'");
    expect(() => readNpy(makeNpy('>f8', [1], new Uint8Array(8)), 'a')).toThrow('big-endian');
  });
});

describe('readNpz', () => {
  const array = makeNpy('<f8', [2], Float64Array.of(3, 4));
  it.each([0, 6] as const)('reads an array of an archive packed at level %i', async (level) => {
    const path = write(`level-${level}.npz`, zipSync({ 'a.npy': array, 'b.npy': array }, { level }));
    expect((await readNpz(path, 'b')).data).toEqual(Float64Array.of(3, 4));
    await expect(readNpz(path, 'c')).rejects.toThrow("no array 'c' among a, b");
  });

  it('refuses archives that are cut off or damaged', async () => {
    const noise = stream(0, 'noise');
    const body = makeNpy(
      '|u1',
      [5000],
      Uint8Array.from({ length: 5000 }, () => drawBelow(noise, 251)),
    );
    const good = zipSync({ 'a.npy': body });
    await expect(readNpz(write('cut.npz', good.subarray(0, 900)), 'a')).rejects.toThrow('cut off');
    await expect(readNpz(write('text.npz', Buffer.from('hello')), 'a')).rejects.toThrow('no zip archive');
    for (let at = 200; at < good.length - 120; at += 397) {
      const damaged = good.slice();
      damaged[at]! ^= 0x10;
      await expect(readNpz(write('damaged.npz', damaged), 'a')).rejects.toMatchObject({
        name: 'HeldoutError',
        message: expect.stringMatching(/damaged|cut off/),
        exitCode: 1,
      });
    }
  });

  it('reads the 64-bit fields of large archives', async () => {
    const path = write('zip64.npz', makeZip64('a.npy', array));
    expect(readZipDirectory(path).get('a.npy')).toMatchObject({ size: array.length, headerOffset: 0 });
    expect(await readZipEntry(path, readZipDirectory(path).get('a.npy')!)).toEqual(Buffer.from(array));
  });

  it.skipIf(realFrames === undefined)('reads what numpy wrote (needs HELDOUT_DATA)', async () => {
    const images = await readNpz(realFrames!, 'imgs');
    expect([images.shape, images.type]).toEqual([[320, 64, 64], 'u1']);
    const classes = await readNpz(realFrames!, 'latents_classes');
    expect([classes.shape, classes.type]).toEqual([[320, 5], 'i2']);
    expect([...classes.data.subarray(0, 10)]).toEqual([2, 0, 0, 0, 0, 2, 1, 0, 0, 0]);
  });
});

/** An archive of one stored entry whose sizes and offsets stand in ZIP64 fields only. */
function makeZip64(name: string, body: Uint8Array): Uint8Array {
  const pieces = (...values: readonly (readonly [number, 2 | 4 | 8])[]) =>
    Buffer.concat(
      values.map(([value, width]) => {
        const buffer = Buffer.alloc(width);
        if (width === 8) buffer.writeBigUInt64LE(BigInt(value));
        else buffer.writeUIntLE(value, 0, width);
        return buffer;
      }),
    );
  const crc = crc32(body);
  const all = 0xffffffff;
  const common = [
    [45, 2],
    [0, 2],
    [0, 2],
    [0, 4],
    [crc, 4],
    [all, 4],
    [all, 4],
    [name.length, 2],
  ] as const;
  const local = Buffer.concat([pieces([0x04034b50, 4], ...common, [20, 2]), Buffer.from(name)]);
  const localExtra = pieces([1, 2], [16, 2], [body.length, 8], [body.length, 8]);
  const entry = Buffer.concat([
    pieces([0x02014b50, 4], [45, 2], ...common, [28, 2], [0, 2], [0, 2], [0, 2], [0, 4], [all, 4]),
    Buffer.from(name),
    pieces([1, 2], [24, 2], [body.length, 8], [body.length, 8], [0, 8]),
  ]);
  const start = local.length + localExtra.length + body.length;
  return Buffer.concat([
    local,
    localExtra,
    body,
    entry,
    pieces(
      [0x06064b50, 4],
      [44, 8],
      [45, 2],
      [45, 2],
      [0, 4],
      [0, 4],
      [1, 8],
      [1, 8],
      [entry.length, 8],
      [start, 8],
    ),
    pieces([0x07064b50, 4], [0, 4], [start + entry.length, 8], [1, 4]),
    pieces([0x06054b50, 4], [0, 2], [0, 2], [0xffff, 2], [0xffff, 2], [all, 4], [all, 4], [0, 2]),
  ]);
}
