import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import type { Raster } from '../augment/raster.js';
import { makeImage } from '../augment/testing/images.js';
import { CORRUPTIONS } from '../config/schema/sections/corruptions.js';
import { constants } from './constants.js';
import {
  type CorruptionKind,
  type CorruptionOptions,
  corruptionNames,
  createCorruption,
  leastSide,
  readFrost,
  scaleOf,
} from './index.js';

const folder = mkdtempSync(join(tmpdir(), 'heldout-frost-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const side = 28;
const frost = [makeImage(40, 44)];
const flat = (channels: number, byte = 128): Raster => ({
  ...{ height: side, width: side, channels },
  data: new Uint8Array(side * side * channels).fill(byte),
});
const corrupt = (
  image: Raster,
  kind: CorruptionKind,
  options: Partial<CorruptionOptions> = {},
  example = 3,
) => createCorruption({ kind, severity: 3, scale: 'cifar', seed: 0, frost, ...options })(image, example);

const summarise = (bytes: ArrayLike<number>) => {
  const values = Array.from(bytes, (byte) => byte / 255);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
};
const distance = (one: Raster, other: Raster) =>
  one.data.reduce((sum, byte, at) => sum + Math.abs(byte - other.data[at]!), 0) / one.data.length;

it('every corruption that a config may name is there', () => {
  expect(corruptionNames).toEqual(CORRUPTIONS);
});

describe.each(CORRUPTIONS)('%s', (kind) => {
  it.each([1, 2, 3])('has bytes of its own options and examples, of %d channels', async (channels) => {
    const image = makeImage(side, side, channels);
    const before = image.data.slice();
    for (const scale of ['cifar', 'imagenet'] as const) {
      const draw = createCorruption({ kind, severity: 4, scale, seed: 1, frost });
      const first = await draw(image, 5);
      expect([first.height, first.width, first.channels]).toEqual([side, side, channels]);
      expect(first.data).toHaveLength(image.data.length);
      // Others in between change nothing, nor does what asks.
      await draw(image, 6);
      expect((await draw(image, 5)).data).toEqual(first.data);
      expect((await corrupt(image, kind, { severity: 4, scale, seed: 1 }, 5)).data).toEqual(first.data);
    }
    expect(image.data).toEqual(before);
  });

  it('takes images that are as small as it says, and rectangles', async () => {
    for (const scale of ['cifar', 'imagenet'] as const) {
      for (const severity of [1, 5]) {
        const least = leastSide(kind, severity, scale);
        expect(least).toBeLessThanOrEqual(side);
        const image = makeImage(least, least + 3);
        const { height, width, data } = await corrupt(image, kind, { severity, scale });
        expect([height, width, data.length]).toEqual([least, least + 3, least * (least + 3) * 3]);
      }
    }
  });
});

it.each(CORRUPTIONS.filter((kind) => kind !== 'saturate'))(
  '%s harms more where it is severer',
  async (kind) => {
    // A picture with large shapes: blurs and pixels harm it little by little.
    const image = flat(3);
    for (let at = 0; at < image.data.length; at++) {
      const [row, column] = [Math.floor(at / 3 / side), Math.floor(at / 3) % side];
      image.data[at] =
        60 + 90 * Number((row - 14) ** 2 + (column - 12) ** 2 < 60) + 40 * Number(row > 20) + (at % 3) * 9;
    }
    for (const scale of ['cifar', 'imagenet'] as const) {
      const mean = async (severity: number) => {
        const found = await Promise.all(
          [0, 1, 2].map((example) => corrupt(image, kind, { severity, scale }, example)),
        );
        return found.reduce((sum, one) => sum + distance(one, image), 0) / found.length;
      };
      const [mild, strong] = [await mean(1), await mean(5)];
      expect(mild).toBeGreaterThan(0);
      // Displacements of CIFAR-10-C grow where its turns become smaller.
      if (!(kind === 'elastic_transform' && scale === 'cifar')) expect(strong).toBeGreaterThan(mild);
    }
  },
);

describe('noise has the moments that its constants say', () => {
  const n = side * side * 3;
  it.each([1, 3, 5])('at severity %d', async (severity) => {
    const of = async (kind: CorruptionKind) => summarise((await corrupt(flat(3), kind, { severity })).data);
    const [level, rounding] = [128 / 255, 0.5 / 255];
    const at = <Kind extends 'gaussian_noise' | 'shot_noise' | 'speckle_noise' | 'impulse_noise'>(
      kind: Kind,
    ) => constants.cifar[kind][severity - 1]!;
    const wanted = {
      gaussian_noise: at('gaussian_noise') ** 2,
      shot_noise: level / at('shot_noise'),
      speckle_noise: (level * at('speckle_noise')) ** 2,
    };
    for (const [kind, variance] of Object.entries(wanted)) {
      const found = await of(kind as CorruptionKind);
      // Bytes are cut down, by half a byte in the mean.
      expect(Math.abs(found.mean + rounding - level)).toBeLessThan(4 * Math.sqrt(variance / n) + 1e-4);
      expect(Math.abs(found.variance / variance - 1)).toBeLessThan(0.12);
    }
    const { data } = await corrupt(flat(3), 'impulse_noise', { severity });
    const [black, white] = [0, 255].map((byte) => data.filter((each) => each === byte).length / n) as [
      number,
      number,
    ];
    const share = at('impulse_noise');
    expect(Math.abs(black + white - share)).toBeLessThan(4 * Math.sqrt(share / n));
    expect(Math.abs(black - white)).toBeLessThan(4 * Math.sqrt(share / n));
    expect(data.filter((each) => each === 128).length).toBe(n - Math.round((black + white) * n));
  });

  it('is independent from seed to seed, kind to kind and severity to severity', async () => {
    const bytes = async (options: Partial<CorruptionOptions>) =>
      (await corrupt(flat(1), 'gaussian_noise', options)).data.join();
    const all = await Promise.all([
      bytes({}),
      bytes({ seed: 1 }),
      bytes({ severity: 4 }),
      bytes({ scale: 'imagenet' }),
    ]);
    expect(new Set(all).size).toBe(4);
  });
});

describe('what stays as it is', () => {
  it('black images under fog, and images of one colour under blurs', async () => {
    expect((await corrupt(flat(3, 0), 'fog')).data.every((byte) => byte === 0)).toBe(true);
    for (const kind of ['gaussian_blur', 'defocus_blur', 'glass_blur', 'motion_blur', 'zoom_blur'] as const) {
      const { data } = await corrupt(flat(3), kind, { scale: 'imagenet' });
      expect(data.every((byte) => byte >= 127 && byte <= 128)).toBe(true);
    }
  });

  it('grey images under saturation; grey pixels of coloured ones become reddish', async () => {
    const grey = makeImage(side, side, 1);
    expect((await corrupt(grey, 'saturate', { severity: 5 })).data).toEqual(grey.data);
    const [red, green, blue] = (await corrupt(flat(3), 'saturate', { severity: 5 })).data;
    expect(red).toBe(128);
    expect(green).toBe(blue);
    expect(green).toBeLessThan(128);
  });

  it('the pixels that glass shows, above or left of their place by one at most', async () => {
    const image = makeImage(side, side, 1);
    const { data } = await corrupt(image, 'glass_blur', { severity: 1 });
    expect(data).not.toEqual(image.data);
    for (let at = 0; at < data.length; at++) {
      const near = [at, at - 1, at - side, at - side - 1].map((from) => image.data[from]);
      expect(near).toContain(data[at]);
    }
  });
});

describe('photographs of frost', () => {
  it('are read in the order of their names, and large enough for every image', async () => {
    const own = join(folder, 'own');
    mkdirSync(own);
    for (const [name, grey] of [
      ['b.png', 200],
      ['a.jpg', 90],
    ] as const) {
      const image = sharp({
        create: { width: 10, height: 8, channels: 3, background: { r: grey, g: grey, b: grey } },
      });
      await image.toFile(join(own, name));
    }
    writeFileSync(join(own, 'notes.txt'), 'none');
    const read = await readFrost(own, { height: side, width: side, scale: 'cifar' });
    expect(read.map(({ data }) => data[0])).toEqual([90, 200]);
    for (const { height, width } of read) expect(Math.min(height, width)).toBeGreaterThan(side);
    const seen = new Set<number>();
    for (let example = 0; example < 12; example++) {
      const { data } = await corrupt(flat(3, 100), 'frost', { frost: read, severity: 1 }, example);
      seen.add(data[0]!);
    }
    expect([...seen].sort((a, b) => a - b)).toEqual([118, 140]);
  });

  it('are asked for where they are missing or damaged', async () => {
    const size = { height: side, width: side, scale: 'cifar' } as const;
    await expect(readFrost(join(folder, 'none'), size)).rejects.toMatchObject({ code: 'E_FROST_IMAGES' });
    const bad = join(folder, 'bad');
    mkdirSync(bad);
    writeFileSync(join(bad, 'x.png'), 'no image');
    await expect(readFrost(bad, size)).rejects.toMatchObject({ place: join(bad, 'x.png') });
  });
});

it('constants follow the size of the images', () => {
  expect([28, 32, 64, 65, 224].map((length) => scaleOf(length, length + 5))).toEqual([
    'cifar',
    'cifar',
    'cifar',
    'imagenet',
    'imagenet',
  ]);
});
