import { describe, expect, it } from 'vitest';
import { rotate, shearX, shearY, transform, translate } from './affine.js';
import { cropAndResize, mirror, shiftWithin } from './crop.js';
import { openDraws } from './draws.js';
import { changeBrightness, changeColour, changeContrast, changeSharpness } from './enhance.js';
import { erase } from './erase.js';
import { jitter, randAugment, transforms } from './rand-augment.js';
import type { Raster } from './raster.js';
import { makeImage } from './testing/images.js';
import { posterize, solarize, solarizeAdd } from './tones.js';

const image = makeImage(9, 12);
const draws = openDraws(3);
const bytes = ({ data }: Raster) => [...data];
const placed = (example: number) => {
  draws.place(11, example);
  return draws;
};

describe('transforms', () => {
  it.each<readonly [string, Raster]>([
    ['rotate', rotate(image, 0, 'bicubic', 7)],
    ['shear', transform(transform(image, shearX(0), 'bilinear', 7), shearY(0), 'bicubic', 7)],
    ['translate', transform(image, translate(0, 0), 'bicubic', 7)],
    ['brightness', changeBrightness(image, 1)],
    ['contrast', changeContrast(image, 1)],
    ['colour', changeColour(image, 1)],
    ['sharpness', changeSharpness(image, 1)],
    ['solarize', solarize(image, 256)],
    ['solarize add', solarizeAdd(image, 0)],
    ['posterize', posterize(image, 8)],
    ['shift', shiftWithin(image, 0, placed(0))],
    [
      'crop',
      cropAndResize(image, { scale: [1, 1], ratio: [4 / 3, 4 / 3], interpolation: 'random' }, placed(0)),
    ],
    ['mirror, twice', mirror(mirror(image))],
  ])('%s changes nothing where nothing is asked for', (_, changed) => {
    expect(bytes(changed)).toEqual(bytes(image));
  });

  it('move whole pixels exactly, and fill what is left', () => {
    const moved = transform(image, translate(2, -1), 'bilinear', 7);
    const at = ({ data }: Raster, row: number, column: number) => data[(row * 12 + column) * 3 + 1]!;
    expect(at(moved, 4, 3)).toBe(at(image, 3, 5));
    expect([at(moved, 0, 0), at(moved, 5, 10)]).toEqual([7, 7]);
    expect(at(mirror(image), 2, 3)).toBe(at(image, 2, 8));
  });

  it('shift an image within black, and lose nothing that is far from the border', () => {
    const data = new Uint8Array(81);
    data[40] = 200;
    const dot: Raster = { height: 9, width: 9, channels: 1, data };
    const places = new Set<number>();
    for (let example = 0; example < 400; example++) {
      const moved = shiftWithin(dot, 2, placed(example)).data;
      expect(moved.reduce((sum, byte) => sum + byte, 0)).toBe(200);
      places.add(moved.indexOf(200));
    }
    expect(places.size).toBe(25);
  });

  it('crop parts of the allowed area and proportion', () => {
    const blank: Raster = { height: 40, width: 40, channels: 1, data: new Uint8Array(1600).fill(90) };
    const options = { scale: [0.2, 0.5], ratio: [0.5, 2], interpolation: 'bilinear' } as const;
    for (let example = 0; example < 50; example++) {
      expect(new Set(cropAndResize(blank, options, placed(example)).data)).toEqual(new Set([90]));
    }
    const ramp: Raster = {
      ...blank,
      data: Uint8Array.from({ length: 1600 }, (_, at) => 6 * (at % 40)),
    };
    for (let example = 0; example < 50; example++) {
      const { data } = cropAndResize(ramp, options, placed(example));
      // Columns from the first to the last pixel tell the width: of area times proportion the root.
      const width = (data[39]! - data[0]!) / 6 + 1;
      expect(width).toBeGreaterThanOrEqual(Math.sqrt(0.2 * 0.5) * 40 - 3);
      expect(width).toBeLessThanOrEqual(Math.sqrt(0.5 * 2) * 40 + 1);
    }
  });
});

describe('RandAugment', () => {
  const options = {
    layers: 2,
    magnitude: 9,
    deviation: 0.5,
    probability: 0.5,
    interpolation: 'random',
  } as const;
  it('has the fifteen transforms of timm', () => {
    expect(Object.keys(transforms)).toHaveLength(15);
  });

  it.each(Object.keys(transforms))('%s takes grey images, and every strength', (name) => {
    const setting = { fill: 128, filter: () => 'bilinear' as const, sign: (value: number) => -value };
    for (const channels of [1, 3]) {
      for (const strength of [0, 0.37, 1]) {
        const given = makeImage(9, 9, channels);
        const { data, ...size } = transforms[name]!(given, strength, setting);
        expect(size).toEqual({ height: 9, width: 9, channels });
        expect(data.length).toBe(81 * channels);
      }
    }
  });

  it.each<readonly [string, number, (given: Raster) => Raster]>([
    ['rotate', 0.9, (given) => rotate(given, -27, 'bilinear', 128)],
    ['posterize', 0.9, (given) => posterize(given, 1)],
    ['solarize', 0.9, (given) => solarize(given, 26)],
    ['solarize_add', 0.9, (given) => solarizeAdd(given, 99)],
    ['colour', 0.9, (given) => changeColour(given, 0.19)],
    ['contrast', 1, (given) => changeContrast(given, 0.1)],
    ['shear_x', 0.5, (given) => transform(given, shearX(-0.15), 'bilinear', 128)],
    ['translate_x', 0.5, (given) => transform(given, translate(-0.225 * 12, 0), 'bilinear', 128)],
    ['translate_y', 0.5, (given) => transform(given, translate(0, -0.225 * 9), 'bilinear', 128)],
  ])('%s at %d is as strong as in timm', (name, strength, expected) => {
    const setting = { fill: 128, filter: () => 'bilinear' as const, sign: (value: number) => -value };
    expect(bytes(transforms[name]!(image, strength, setting))).toEqual(bytes(expected(image)));
  });

  it('does nothing where no transform is done, and all of them at times', () => {
    expect(randAugment(image, { ...options, probability: 0 }, 128, placed(0))).toBe(image);
    const results = new Set<string>();
    for (let example = 0; example < 60; example++) {
      results.add(bytes(randAugment(image, { ...options, probability: 1 }, 128, placed(example))).join());
    }
    expect(results.size).toBeGreaterThan(50);
  });

  it('jitter stays near the image where it is weak', () => {
    const weak = jitter(image, 0.01, placed(4));
    expect(Math.max(...bytes(weak).map((byte, at) => Math.abs(byte - image.data[at]!)))).toBeLessThan(8);
    expect(bytes(jitter(image, 0.9, placed(4)))).not.toEqual(bytes(image));
  });
});

describe('erasing', () => {
  const shape = [20, 24, 3] as const;
  const options = { probability: 1, area: [0.1, 0.3], mode: 'zero' } as const;
  it('takes one rectangle of the allowed area', () => {
    for (let example = 0; example < 40; example++) {
      const numbers = new Float32Array(1440).fill(5);
      erase(numbers, shape, options, placed(example));
      const zeros = [...numbers.keys()].filter((at) => numbers[at] === 0);
      const cells = zeros.map((at) => [Math.floor(at / 72), Math.floor(at / 3) % 24] as const);
      const side = (values: readonly number[]) => Math.max(...values) - Math.min(...values) + 1;
      const area = side(cells.map(([row]) => row)) * side(cells.map(([, column]) => column));
      expect(zeros.length).toBe(3 * area);
      expect(area / 480).toBeGreaterThan(0.08);
      expect(area / 480).toBeLessThan(0.33);
    }
  });
  it('puts noise there, or one colour', () => {
    const fill = (mode: 'pixel' | 'colour') => {
      const numbers = new Float32Array(1440).fill(5);
      erase(numbers, shape, { ...options, mode }, placed(1));
      return new Set(numbers);
    };
    expect(fill('colour').size).toBe(4);
    expect(fill('pixel').size).toBeGreaterThan(100);
    const kept = new Float32Array(1440).fill(5);
    erase(kept, shape, { ...options, probability: 0 }, placed(1));
    expect(new Set(kept)).toEqual(new Set([5]));
  });
});
