import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createScoreSorter } from './score-order.js';

const sorted = (scores: Float64Array) =>
  [...createScoreSorter(scores.length).sort(scores)].map((i) => scores[i]);

it('sorts any finite scores exactly', () => {
  const score = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.double({ min: -5, max: 5, noNaN: true }),
    fc.integer({ min: -3, max: 3 }),
    fc.nat(40).map((k) => 1e6 + k * 2 ** -33),
  );
  fc.assert(
    fc.property(fc.array(score, { minLength: 1, maxLength: 300 }), (drawn) => {
      const scores = Float64Array.from(drawn);
      const order = createScoreSorter(scores.length).sort(scores);
      expect(new Set(order).size).toBe(scores.length);
      for (let k = 1; k < order.length; k++) {
        expect(scores[order[k - 1]!]! <= scores[order[k]!]!).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

it('sorts scores that one far score squeezes into an interval', () => {
  const scores = Float64Array.from({ length: 1000 }, (_, k) => ((k * 7919) % 1009) * 1e-9);
  scores[17] = 1e9;
  expect(sorted(scores)).toEqual([...scores].sort((p, q) => p - q));
});

it('sorts where the range is beyond the largest number, or nothing', () => {
  const wide = Float64Array.of(1e308, 0, -1e308, 5, -5);
  expect(sorted(wide)).toEqual([-1e308, -5, 0, 5, 1e308]);
  expect(sorted(Float64Array.of(2, 2, 2))).toEqual([2, 2, 2]);
  expect(sorted(Float64Array.of(2 * 5e-324, 5e-324, 0))).toEqual([0, 5e-324, 1e-323]);
});
