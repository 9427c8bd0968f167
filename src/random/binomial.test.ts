import { describe, expect, it } from 'vitest';
import { drawBinomial, drawMultinomial } from './binomial.js';
import { drawFloat53, stream } from './stream.js';

/** Probabilities of 0 .. trials successes, each from the one before. */
function masses(trials: number, p: number): number[] {
  const found = [(1 - p) ** trials];
  for (let k = 1; k <= trials; k++) {
    found.push((found[k - 1]! * ((trials - k + 1) / k) * p) / (1 - p));
  }
  return found;
}

describe('binomial draws', () => {
  // Small means are inverted, large ones go by rejection, and 1 − p stands in for p above a half.
  it.each([
    [12, 0.3],
    [40, 0.5],
    [60, 0.4],
    [200, 0.93],
    [500, 0.03],
  ])('have the exact distribution: %d trials, p = %d', (trials, p) => {
    const source = stream(1, 'binomial', trials);
    const draws = 100_000;
    const counts = new Float64Array(trials + 1);
    for (let i = 0; i < draws; i++) counts[drawBinomial(source, trials, p)]!++;
    let chiSquare = 0;
    let cells = 0;
    let pooled = 0;
    let expectedOfPooled = 0;
    for (const [k, mass] of masses(trials, p).entries()) {
      const expected = mass * draws;
      if (expected < 20) {
        pooled += counts[k]!;
        expectedOfPooled += expected;
        continue;
      }
      chiSquare += (counts[k]! - expected) ** 2 / expected;
      cells += 1;
    }
    if (expectedOfPooled > 5) {
      chiSquare += (pooled - expectedOfPooled) ** 2 / expectedOfPooled;
      cells += 1;
    }
    // Mean cells − 1, variance 2 (cells − 1): within four standard deviations.
    expect(chiSquare).toBeLessThan(cells - 1 + 4 * Math.sqrt(2 * (cells - 1)));
  });

  it('know the certain cases, and refuse what is none', () => {
    const source = stream(1, 'certain');
    expect([drawBinomial(source, 0, 0.5), drawBinomial(source, 9, 0), drawBinomial(source, 9, 1)]).toEqual([
      0, 0, 9,
    ]);
    expect(() => drawBinomial(source, 2.5, 0.5)).toThrow(RangeError);
    expect(() => drawBinomial(source, 2, Number.NaN)).toThrow(RangeError);
  });

  it('share a total out over cells, in proportion to their weights', () => {
    const source = stream(3, 'multinomial');
    const weights = [7, 0, 1, 3, 0, 5];
    const out = new Float64Array(6);
    const sums = new Float64Array(6);
    for (let draw = 0; draw < 20_000; draw++) {
      out.fill(-1);
      drawMultinomial(source, 90, weights, out, 1, 4);
      expect(out[1]! + out[2]! + out[3]! + out[4]!).toBe(90);
      expect([out[0], out[1], out[4], out[5]]).toEqual([-1, 0, 0, -1]);
      for (let cell = 0; cell < 6; cell++) sums[cell]! += out[cell]!;
    }
    expect(sums[2]! / 20_000).toBeCloseTo(90 / 4, 0);
    expect(() => drawMultinomial(source, 1, [0, 0], out, 0, 2)).toThrow(RangeError);
  });

  it('come from numbers of 53 bits', () => {
    const source = stream(4, 'floats');
    const drawn = Array.from({ length: 1000 }, () => drawFloat53(source));
    expect(drawn.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(drawn.some((value) => (value * 2 ** 30) % 1 !== 0)).toBe(true);
    expect(drawn.reduce((a, b) => a + b, 0) / 1000).toBeCloseTo(0.5, 1);
  });
});
