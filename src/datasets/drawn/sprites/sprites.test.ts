import { describe, expect, it } from 'vitest';
import { makeSplit } from '../../../splits/index.js';
import type { Grid } from '../../../variables/grid.js';
import type { StoredBytes } from '../../dataset.js';
import { openDataset, openTable } from '../../index.js';
import type { SpritesConfig } from '../sprites.js';
import { normalQuantiles } from './noise.js';

type Options = Omit<SpritesConfig, 'name'>;
const open = (options: Options = {}) => openDataset({ name: 'sprites', ...options }, { dataFolder: '' });

/** The image of some levels: shape, hue, size, x, y, rendition, draw. */
async function draw(levels: readonly number[], options: Options = {}): Promise<Float32Array> {
  const { table, inputs, fill } = await open(options);
  const out = new Float32Array(inputs.image!.reduce((a, b) => a * b));
  fill('image', [levels.reduce((sum, level, at) => sum + level * (table as Grid).strides[at]!, 0)], out);
  return out;
}

/** Pixels that are nearer to a hue than any background is: the dark ones end at 0.35. */
function findSprite(image: Float32Array, side: number): readonly (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  for (let at = 0; at < image.length; at += 3) {
    if (Math.max(image[at]!, image[at + 1]!, image[at + 2]!) < 0.6) continue;
    found.push([(at / 3) % side, Math.floor(at / 3 / side)]);
  }
  return found;
}

describe('sprites', () => {
  it('are a grid of seven variables, of which five are asked for', async () => {
    const { table, targets, inputs } = await open();
    expect(table.variables.map(({ name, levels }) => [name, levels.length])).toEqual([
      ['shape', 4],
      ['hue', 4],
      ['size', 3],
      ['x', 4],
      ['y', 4],
      ['rendition', 5],
      ['draw', 256],
    ]);
    expect(targets.map(({ name }) => name)).toEqual(['shape', 'hue', 'size', 'x', 'y']);
    expect(inputs).toEqual({ image: [64, 64, 3] });
    expect((await open({ side: 32 })).inputs).toEqual({ image: [32, 32, 3] });
  });

  it('are the same whatever else is asked for, and others for another seed', async () => {
    const levels = [2, 1, 2, 1, 3, 0, 1];
    const image = await draw(levels, { draws: 2 });
    expect(await draw(levels, { draws: 7 })).toEqual(image);
    expect(
      await draw([0, 0, 0, 0, 0, 0, 0], {
        levels: Object.fromEntries(
          ['shape', 'hue', 'size', 'x', 'y', 'rendition', 'draw'].map((name, at) => [
            name,
            { list: [levels[at]!] },
          ]),
        ),
      }),
    ).toEqual(image);
    expect(await draw(levels, { seed: 1 })).not.toEqual(image);
    expect(await draw([...levels.slice(0, 6), 0], { draws: 2 })).not.toEqual(image);
  });

  it('lie in the quarter that their position names, and grow with their size', async () => {
    for (const [x, y, size] of [
      [0, 3, 0],
      [3, 0, 1],
      [1, 2, 2],
    ] as const) {
      const pixels = findSprite(await draw([0, 3, size, x, y, 0, 5]), 64);
      const centre = [0, 1].map(
        (axis) => pixels.reduce((sum, pixel) => sum + pixel[axis]! + 0.5, 0) / pixels.length,
      );
      [x, y].forEach((level, axis) => {
        expect(centre[axis]!).toBeGreaterThan(16 + 8 * level - 0.5);
        expect(centre[axis]!).toBeLessThan(16 + 8 * (level + 1) + 0.5);
      });
      const radius = [8, 11.5, 15][size]!;
      // A square of side 1.7 r, with r within 5 %; noise hides few pixels.
      expect(Math.sqrt(pixels.length) / 1.7 / radius).toBeGreaterThan(0.93);
      expect(Math.sqrt(pixels.length) / 1.7 / radius).toBeLessThan(1.07);
    }
  });

  it('have the areas of their shapes, at both resolutions', async () => {
    // Of the law, in units of r²: the square, the ellipse and the triangle exactly, the heart by counting.
    const areas = [1.7 ** 2, Math.PI * 1.1 ** 2 * 0.55, undefined, ((3 * Math.sqrt(3)) / 4) * 1.3 ** 2];
    for (const [shape, area] of areas.entries()) {
      const counts = await Promise.all(
        ([64, 32] as const).map(async (side) => {
          const all = await Promise.all(
            [0, 1, 2, 3, 4, 5].map((at) => draw([shape, 3, 2, 1, 1, 0, at], { side })),
          );
          const pixels = all.reduce((sum, image) => sum + findSprite(image, side).length, 0) / all.length;
          return (pixels * (64 / side) ** 2) / 15 ** 2;
        }),
      );
      expect(Math.abs(counts[0]! - counts[1]!) / counts[0]!).toBeLessThan(0.06);
      if (area !== undefined) expect(Math.abs(counts[0]! - area) / area).toBeLessThan(0.07);
    }
  });

  it('are hollow, checked or on stripes, as their rendition says', async () => {
    const of = (rendition: number) => draw([0, 3, 2, 1, 1, rendition, 3]);
    const count = async (rendition: number) => findSprite(await of(rendition), 64).length;
    const [normal, outline, texture, stripes] = await Promise.all([0, 1, 2, 3].map(count));
    expect(outline! / normal!).toBeLessThan(0.3);
    expect(texture! / normal!).toBeGreaterThan(0.35);
    expect(texture! / normal!).toBeLessThan(0.7);
    expect(stripes! / normal!).toBeGreaterThan(0.8);
    const spread = async (rendition: number) => {
      const corner = (await of(rendition)).filter((_, at) => at % 3 === 0 && at < 64 * 3 * 3);
      const mean = corner.reduce((sum, value) => sum + value, 0) / corner.length;
      return Math.sqrt(corner.reduce((sum, value) => sum + (value - mean) ** 2, 0) / corner.length);
    };
    expect(await spread(0)).toBeLessThan(0.08);
    expect(await spread(3)).toBeGreaterThan(0.1);
  });

  it('keep bytes that stand for the numbers', async () => {
    const { fill, stored } = await open({ side: 32, draws: 3 });
    const { values, read } = stored!('image') as StoredBytes;
    const [numbers, bytes] = [new Float32Array(2 * 3072), new Uint8Array(2 * 3072)];
    fill('image', [5, 11_111], numbers);
    read([5, 11_111], bytes);
    expect(Float32Array.from(bytes, (byte) => values[byte]!)).toEqual(numbers);
    expect(() => fill('image', [11_520], numbers)).toThrow('no example 11520 among 11520');
  });

  it('are split into pairs and renditions that training has, and those that it never has', async () => {
    const table = await openTable({ name: 'sprites', draws: 4 }, { dataFolder: '' });
    const pairs = {
      any: [0, 1, 2, 3].map((shape) => ({
        shape: table.variable('shape').levels[shape]!,
        hue: table.variable('hue').levels[(4 - shape) % 4]!,
      })),
    };
    const split = makeSplit(table, {
      rule: 'statement',
      sets: { train: { rendition: 'normal', not: pairs }, ood_c: { rendition: 'normal', ...pairs } },
    });
    const [shape, hue] = ['shape', 'hue'].map((name) => table.column(name)) as [Uint16Array, Uint16Array];
    expect([...split.sets.ood_c!].every((example) => (shape[example]! + hue[example]!) % 4 === 0)).toBe(true);
    expect([...split.sets.train].some((example) => (shape[example]! + hue[example]!) % 4 === 0)).toBe(false);
    expect(split.sets.ood_c!.length).toBe(12 * 16 * 4);
  });
});

it('quantiles are those of the normal distribution', () => {
  const quantiles = normalQuantiles();
  const at = (share: number) => quantiles[Math.floor(share * quantiles.length)]!;
  for (const [share, value] of [
    [0.975, 1.959964],
    [0.8413447, 1],
    [0.5, 0],
    [0.001, -3.090232],
  ] as const) {
    expect(at(share)).toBeCloseTo(value, 2);
  }
  const variance = quantiles.reduce((sum, value) => sum + value * value, 0) / quantiles.length;
  expect(variance).toBeCloseTo(1, 3);
});
