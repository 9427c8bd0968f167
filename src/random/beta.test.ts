import { expect, it } from 'vitest';
import { drawBeta } from './beta.js';
import { stream } from './stream.js';

const count = 20_000;

function moments(a: number, b: number): readonly [mean: number, variance: number] {
  const source = stream(1, 'beta', a * 100, b * 100);
  const values = Array.from({ length: count }, () => drawBeta(source, a, b));
  expect(values.every((value) => value >= 0 && value <= 1)).toBe(true);
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  return [mean, values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count];
}

it.each([
  [0.1, 0.1],
  [0.2, 0.2],
  [0.5, 0.5],
  [10, 10],
  [2, 5],
])('has the mean and variance of Beta(%d, %d)', (a, b) => {
  const [mean, variance] = moments(a, b);
  const expected = (a * b) / ((a + b) ** 2 * (a + b + 1));
  expect(Math.abs(mean - a / (a + b))).toBeLessThan(4 * Math.sqrt(expected / count));
  expect(Math.abs(variance / expected - 1)).toBeLessThan(0.05);
});

it('falls where the arcsine law of Beta(1/2, 1/2) says', () => {
  const source = stream(2, 'beta');
  const values = Array.from({ length: count }, () => drawBeta(source, 0.5, 0.5));
  for (const at of [0.01, 0.1, 0.5, 0.9]) {
    const share = values.filter((value) => value < at).length / count;
    expect(share).toBeCloseTo((2 / Math.PI) * Math.asin(Math.sqrt(at)), 1.7);
  }
});
