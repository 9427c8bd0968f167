import { describe, expect, it } from 'vitest';
import { createFastStream, openKeys } from './fast-stream.js';

const keys = openKeys(0, 'test');

function draw(first: number, second: number, count: number, of = keys): number[] {
  const source = createFastStream(of);
  source.place(first, second);
  return Array.from({ length: count }, () => source.uniform(0, 1));
}

describe('a fast stream', () => {
  it('depends on its keys and both counters, and on nothing drawn before', () => {
    const source = createFastStream(keys);
    source.place(7, 9);
    source.fill(new Int32Array(1000));
    source.place(3, 5);
    const again = Array.from({ length: 4 }, () => source.uniform(0, 1));
    expect(again).toEqual(draw(3, 5, 4));
    const others = [draw(5, 3, 4), draw(3, 6, 4), draw(4, 5, 4), draw(3, 5, 4, openKeys(1, 'test'))];
    expect(new Set([again, ...others].map(String)).size).toBe(5);
  });

  it('is xoroshiro64**, as its authors wrote it', () => {
    // The state 1, 2 is not reached by keys; zero keys and counters leave 1, 0.
    const source = createFastStream([0, 0, 0, 0]);
    source.place(0, 0);
    const words = new Int32Array(4);
    source.fill(words);
    let [s0, s1] = [1n, 0n];
    const mask = 0xffffffffn;
    const rotate = (x: bigint, k: bigint) => ((x << k) | (x >> (32n - k))) & mask;
    const expected = Array.from(words, () => {
      const result = (rotate((s0 * 0x9e3779bbn) & mask, 5n) * 5n) & mask;
      s1 ^= s0;
      s0 = rotate(s0, 26n) ^ s1 ^ ((s1 << 9n) & mask);
      s1 = rotate(s1, 13n);
      return Number(BigInt.asIntN(32, result));
    });
    expect([...words]).toEqual(expected);
  });

  it('is uniform from one example to the next, and across the two counters', () => {
    const means = [0, 1, 2].map((place) => {
      const values = Array.from({ length: 4000 }, (_, at) => draw(at % 40, Math.floor(at / 40), 3)[place]!);
      expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...values)).toBeLessThan(1);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
      expect(squares).toBeCloseTo(1 / 12, 2);
      const neighbours = values
        .slice(1)
        .reduce((sum, value, at) => sum + (value - mean) * (values[at]! - mean), 0);
      expect(Math.abs(neighbours / values.length)).toBeLessThan(4 / 12 / Math.sqrt(values.length));
      return mean;
    });
    for (const mean of means) expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / 4000));
  });
});
