import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  areaUnderStaircase,
  chooseFront,
  chooseNearest,
  chooseWithin,
  gapError,
  paretoStaircase,
} from './fronts.js';

const tradeOffs = fc.array(
  fc.record({ disparity: fc.nat(8), accuracy: fc.nat(8) }).map(({ disparity, accuracy }) => ({
    disparity: disparity / 8,
    accuracy: accuracy / 8,
  })),
  { maxLength: 20 },
);
const point = (validation: [number, number], test: [number, number]) => ({
  validation: { disparity: validation[0], accuracy: validation[1] },
  test: { disparity: test[0], accuracy: test[1] },
});

describe('the staircase', () => {
  it('keeps what nothing dominates', () => {
    fc.assert(
      fc.property(tradeOffs, (points) => {
        const free = points.filter(
          (p) =>
            !points.some(
              (q) =>
                q.accuracy >= p.accuracy &&
                q.disparity <= p.disparity &&
                (q.accuracy > p.accuracy || q.disparity < p.disparity),
            ),
        );
        const order = (list: typeof points) => [...list].sort((p, q) => p.disparity - q.disparity);
        expect(paretoStaircase(points)).toEqual(order(free));
      }),
    );
  });

  it('has the area of its steps, over its width', () => {
    const points = [
      { disparity: 0.05, accuracy: 0.8 },
      { disparity: 0.1, accuracy: 0.9 },
      { disparity: 0.06, accuracy: 0.7 },
      { disparity: 0.5, accuracy: 1 },
    ];
    const area = (0.05 * 0.6 + 0.05 * 0.8 + 0.1 * 0.9) / 0.2;
    expect(areaUnderStaircase(points, 0.2, 0.6)).toBeCloseTo(area, 12);
    expect(areaUnderStaircase([], 0.2, 0.6)).toBeCloseTo(0.6, 12);
    // A point below the floor does not lower it.
    expect(areaUnderStaircase([{ disparity: 0.1, accuracy: 0.2 }], 0.2, 0.6)).toBeCloseTo(0.6, 12);
    expect(() => areaUnderStaircase(points, 0, 0.6)).toThrow(RangeError);
  });
});

describe('what is reported at test', () => {
  const points = [
    point([0.2, 0.9], [0.22, 0.91]),
    point([0.04, 0.8], [0.08, 0.79]),
    point([0.01, 0.8], [0.03, 0.6]),
    point([0.06, 0.75], [0.0, 0.95]),
  ];

  it('was chosen on validation', () => {
    expect(chooseWithin(points, 0.1)).toBe(points[2]);
    expect(chooseWithin(points, 0.3)).toBe(points[0]);
    expect(chooseWithin(points, 0.001)).toBeUndefined();
    expect(chooseFront(points)).toEqual([points[2], points[0]]);
    expect(chooseNearest(points, 0.045)).toBe(points[1]);
    expect(chooseNearest([], 0.05)).toBeUndefined();
  });
});

it('knows the sampling error of a gap (check 18)', () => {
  expect(gapError(0.45, 630, 420)).toBeCloseTo(Math.sqrt(0.45 * 0.55 * (1 / 630 + 1 / 420)), 15);
  expect(gapError(0.45, 630, 420)).toBeCloseTo(0.031, 3);
});
