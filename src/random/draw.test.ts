import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choose, countUp, fillNormal, fillUniform, shuffle } from './draw.js';
import { drawBelow, drawFloat24, stream } from './stream.js';

const moments = (values: Float32Array) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, variance };
};

describe('draws', () => {
  it('fills with uniform numbers of the right range, mean and variance', () => {
    const values = fillUniform(stream(1, 'uniform'), new Float32Array(100_000), -2, 4);
    const { mean, variance } = moments(values);
    expect(Math.min(...values.subarray(0, 50_000))).toBeGreaterThanOrEqual(-2);
    expect(Math.max(...values.subarray(0, 50_000))).toBeLessThanOrEqual(4);
    expect(mean).toBeCloseTo(1, 1);
    expect(variance).toBeCloseTo(3, 1);
  });

  it('fills with normal numbers of the right spread, cut off where that is asked for', () => {
    const values = fillNormal(stream(1, 'normal'), new Float32Array(100_001), 2);
    const { mean, variance } = moments(values);
    expect(mean).toBeCloseTo(0, 1);
    expect(variance / 4).toBeCloseTo(1, 1);
    const within = values.filter((value) => Math.abs(value) < 2).length / values.length;
    expect(within).toBeCloseTo(0.6827, 2);
    const cut = fillNormal(stream(1, 'normal'), new Float32Array(10_000), 2, 1);
    expect(Math.max(...cut)).toBeLessThanOrEqual(2);
    expect(Math.max(...cut)).toBeGreaterThan(1.9);
  });

  it('draws floats in [0, 1) on the grid of their precision', () => {
    const source = stream(2);
    for (let i = 0; i < 2000; i++) {
      const value = drawFloat24(source);
      expect(value).toBe(Math.fround(value));
      expect(value >= 0 && value < 1).toBe(true);
    }
  });

  it('draws every integer below a bound equally often', () => {
    for (const bound of [1, 2, 3, 10, 17]) {
      const source = stream(4, 'below', bound);
      const counts = new Array<number>(bound).fill(0);
      const trials = 4000 * bound;
      for (let i = 0; i < trials; i++) counts[drawBelow(source, bound)]!++;
      // Six standard deviations of a count of about 4,000.
      for (const count of counts) expect(Math.abs(count - 4000)).toBeLessThan(380);
    }
  });

  it('draws up to the largest bound and refuses others', () => {
    expect(drawBelow(stream(0), 2 ** 32)).toBeGreaterThanOrEqual(0);
    for (const bound of [0, -1, 1.5, 2 ** 32 + 1])
      expect(() => drawBelow(stream(0), bound)).toThrow(RangeError);
  });

  it('shuffles into every order equally often', () => {
    const source = stream(5);
    const counts = new Map<string, number>();
    for (let i = 0; i < 12_000; i++) {
      const order = shuffle(source, [0, 1, 2]).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 2000)).toBeLessThan(260);
  });

  it('shuffles to a permutation and chooses without replacement', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(200), fc.integer(), (size, count, seed) => {
        const shuffled = shuffle(stream(seed), countUp(size));
        expect(shuffled.toSorted()).toEqual(countUp(size));
        const chosen = choose(stream(seed), size, Math.min(count, size));
        expect(new Set(chosen).size).toBe(Math.min(count, size));
        for (const value of chosen) expect(value).toBeLessThan(size);
      }),
      { numRuns: 100 },
    );
    expect(() => choose(stream(0), 3, 4)).toThrow(/without replacement/);
  });
});
