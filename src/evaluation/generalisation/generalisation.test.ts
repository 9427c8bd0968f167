import { describe, expect, it } from 'vitest';
import { fillNormal } from '../../random/draw.js';
import { stream } from '../../random/stream.js';
import { findNoise } from './noise.js';
import { largestSingularValue, measureNorms } from './norms.js';
import { isMeasureRow, measureRows } from './rows.js';

const array = (shape: readonly number[], ...values: readonly number[]) => ({
  shape,
  data: Float32Array.from(values),
});

describe('norms of weights', () => {
  it('are sums of squares, and of layers logarithms of products', () => {
    const weights = { 'one/kernel': array([2, 2], 3, 0, 0, 4), 'one/bias': array([2], 1, 2) };
    const start = { 'one/kernel': array([2, 2], 3, 1, 0, 4), 'one/bias': array([2], 0, 2) };
    expect(measureNorms(weights, start)).toEqual({
      parameters: 30,
      distance: 2,
      spectral: expect.closeTo(Math.log(16), 6),
      frobenius: Math.log(25),
    });
  });

  it('have the largest singular value of a rotated diagonal', () => {
    const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
    // R diag(5, 2), whose singular values are 5 and 2; and one row alone, whose value is its length.
    expect(largestSingularValue(array([2, 2], 5 * c, -2 * s, 5 * s, 2 * c))).toBeCloseTo(5, 5);
    expect(largestSingularValue(array([1, 1, 2, 1], 3, 4))).toBeCloseTo(5, 6);
    expect(largestSingularValue(array([2, 2], 0, 0, 0, 0))).toBe(0);
    const random = fillNormal(stream(1, 'matrix'), new Float32Array(400 * 30));
    // That of normal numbers is near √400 + √30.
    expect(largestSingularValue({ shape: [400, 30], data: random })).toBeCloseTo(
      Math.sqrt(400) + Math.sqrt(30),
      -1,
    );
  });
});

describe('noise that costs a tenth', () => {
  it('of a linear threshold is known', async () => {
    // Right while w + u > 0: wrong with probability Φ(−w/σ), a tenth at σ = w / 1.28155.
    const normal = fillNormal(stream(2, 'noise'), new Float32Array(200_000));
    const w = 0.7;
    const costAt = async (deviation: number) =>
      normal.reduce((sum, value) => sum + (w + deviation * value > 0 ? 0 : 1), 0) / normal.length;
    const found = await findNoise(costAt);
    expect(Math.abs(found / (w / 1.28155) - 1)).toBeLessThan(0.03);
  });
});

it('rows leave out what there is not', () => {
  const norms = { parameters: 1, distance: 2, spectral: 3, frobenius: 4 };
  const noise = { absolute: 0.1, relative: 0.5 };
  const found = measureRows({ norms, path: undefined, margin: -1, noise }, 7);
  expect(found.map(({ metric }) => metric)).toEqual([
    'parameter_norm',
    'distance_from_start',
    'spectral_product',
    'frobenius_product',
    'margin',
    'sharpness',
    'relative_sharpness',
  ]);
  expect(found.every(isMeasureRow)).toBe(true);
  const all = measureRows({ norms, path: 5, margin: Math.E, noise }, 7);
  expect(all.find(({ metric }) => metric === 'spectral_complexity')?.value).toBeCloseTo(1, 12);
  expect(all.find(({ metric }) => metric === 'sharpness')?.value).toBeCloseTo(100, 9);
});
