import { describe, expect, it } from 'vitest';
import { drawPoisson } from './poisson.js';
import { drawFloat24, stream } from './stream.js';

describe('Poisson numbers', () => {
  it.each([0.3, 4, 9.9, 10, 60, 500])('of mean %d have its mean, variance and probabilities', (mean) => {
    const source = stream(7, 'poisson', String(mean));
    const uniform = () => drawFloat24(source);
    const draws = 40000;
    const counts = new Map<number, number>();
    let [sum, squares, others] = [0, 0, 0];
    for (let at = 0; at < draws; at++) {
      const count = drawPoisson(uniform, mean);
      if (!(Number.isInteger(count) && count >= 0)) others++;
      counts.set(count, (counts.get(count) ?? 0) + 1);
      sum += count;
      squares += (count - mean) ** 2;
    }
    expect(others).toBe(0);
    expect(Math.abs(sum / draws - mean)).toBeLessThan(4 * Math.sqrt(mean / draws));
    expect(Math.abs(squares / draws / mean - 1)).toBeLessThan(5 * Math.sqrt((2 + 1 / mean) / draws));
    let [logFactorial, farthest] = [0, 0];
    for (let count = 0; count < 2 * mean + 5; count++) {
      if (count > 0) logFactorial += Math.log(count);
      const probability = Math.exp(count * Math.log(mean) - mean - logFactorial);
      const share = (counts.get(count) ?? 0) / draws;
      farthest = Math.max(
        farthest,
        Math.abs(share - probability) / (Math.sqrt(probability / draws) + 1 / draws),
      );
    }
    expect(farthest).toBeLessThan(5);
  });

  it('are zero of mean 0, and there are none of others', () => {
    expect(drawPoisson(() => 0.5, 0)).toBe(0);
    expect(() => drawPoisson(() => 0.5, -1)).toThrow(RangeError);
    expect(() => drawPoisson(() => 0.5, Number.NaN)).toThrow(RangeError);
  });
});
