import { describe, expect, it } from 'vitest';
import { HeldoutError } from '../../core/errors.js';
import { normalCdf, normalDensity } from '../transfer/statistics/normal.js';
import { upperTailOfChiSquared } from './chi-squared.js';
import { comparePairs, listPairs } from './compare-pairs.js';
import { friedmanTest } from './friedman.js';
import { criticalDifference, groupUndecided } from './nemenyi.js';

// The ranks of table 6 of Demšar (2006): C4.5 with and without two parameters on 14 datasets.
const ranksOfDemsar = [
  [4, 3, 2, 1],
  [1, 2, 3, 4],
  [4, 1, 2, 3],
  [4, 1, 3, 2],
  [4, 2, 3, 1],
  [1, 2.5, 4, 2.5],
  [3, 2, 4, 1],
  [2.5, 2.5, 4, 1],
  [4, 3, 2, 1],
  [2.5, 2.5, 2.5, 2.5],
  [4, 2.5, 1, 2.5],
  [3, 2, 4, 1],
  [4, 1, 2, 3],
  [3, 1, 4, 2],
];
const better = (ranks: readonly number[]) => ranks.map((rank) => -rank);

describe('the Friedman test', () => {
  it('has the numbers of the worked example of Demšar, who ignores ties', () => {
    const found = friedmanTest(ranksOfDemsar.map(better), 'ignored');
    expect(found.ranks).toEqual(ranksOfDemsar);
    expect(found.meanRanks.map((rank) => rank.toFixed(3))).toEqual(['3.143', '2.000', '2.893', '1.964']);
    expect(found.chiSquared.toFixed(2)).toBe('9.28');
    expect(found.f.toFixed(2)).toBe('3.69');
    // Tails integrated with numpy, by the trapezoid rule.
    expect(found.chiSquaredP).toBeCloseTo(0.0258075, 7);
    expect(found.fP).toBeCloseTo(0.019823, 6);
  });

  it('corrects for ties, which make it larger', () => {
    // Of numpy: (k - 1) sum((R_j - N (k + 1) / 2)^2) / (sum(r^2) - N k (k + 1)^2 / 4).
    const values = [
      [0.653, 0.654, 0.655, 0.658],
      [0.845, 0.842, 0.854, 0.851],
      [0.852, 0.851, 0.851, 0.85],
      [0.859, 0.863, 0.86, 0.867],
      [0.809, 0.805, 0.813, 0.822],
      [0.699, 0.676, 0.686, 0.704],
    ];
    const found = friedmanTest(values);
    expect(found.chiSquared).toBeCloseTo(5.237288135593221, 12);
    expect(found.chiSquaredP).toBeCloseTo(0.155223823, 8);
    expect(found.f).toBeCloseTo(2.0517928286852594, 12);
    expect(found.fP).toBeCloseTo(0.149806, 5);
    expect(friedmanTest(values, 'ignored').chiSquared).toBeCloseTo(5.15, 12);
  });

  it('says nothing of ties alone, and is sure where all blocks agree', () => {
    const tied = friedmanTest(Array(5).fill([1, 1, 1]));
    expect([tied.chiSquared, tied.chiSquaredP, tied.fP]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    const agreed = friedmanTest(Array(5).fill([3, 2, 1]));
    expect([agreed.chiSquared, agreed.f, agreed.fP]).toEqual([10, Number.POSITIVE_INFINITY, 0]);
  });

  it('refuses fewer than five blocks, one algorithm and holes', () => {
    const few = () => friedmanTest(Array(4).fill([1, 2]));
    expect(few).toThrow(HeldoutError);
    expect(few).toThrow('at least 5 blocks (environments or datasets), and there are 4');
    expect(() => friedmanTest(Array(5).fill([1]))).toThrow('at least 2 algorithms');
    expect(() => friedmanTest([...Array(4).fill([1, 2]), [1, Number.NaN]])).toThrow('lacks a value');
  });
});

describe('the critical difference of Nemenyi', () => {
  it('is that of the worked example', () => {
    expect(criticalDifference(4, 14, 0.05)!.toFixed(2)).toBe('1.25');
    expect(criticalDifference(4, 14, 0.1)!.toFixed(2)).toBe('1.12');
    expect(criticalDifference(21, 14, 0.05)).toBeUndefined();
  });

  it.each([0.05, 0.1] as const)('rests on quantiles of the studentised range: level %d', (level) => {
    const step = 0.01;
    for (let k = 2; k <= 20; k++) {
      const range = Math.SQRT2 * criticalDifference(k, 1, level)! * Math.sqrt(6 / (k * (k + 1)));
      let share = 0;
      for (let z = -8; z <= 14; z += step)
        share += step * k * normalDensity(z) * (normalCdf(z) - normalCdf(z - range)) ** (k - 1);
      expect(share).toBeCloseTo(1 - level, 6);
    }
  });

  it('groups what it cannot tell apart, without groups inside others', () => {
    // As Demšar has it: at .10, C4.5 is worse than the two best.
    expect(groupUndecided([3.143, 2, 2.893, 1.964], 1.12)).toEqual([
      [3, 1, 2],
      [2, 0],
    ]);
    expect(groupUndecided([1, 2, 3], 0.5)).toEqual([]);
    expect(groupUndecided([1, 1.2, 3], 5)).toEqual([[0, 1, 2]]);
  });
});

it.each([
  [3.841459, 1, 0.049999995],
  [1, 2, 0.60653066],
  [10, 4, 0.040427682],
  [12.5, 7, 0.085269275],
  [30, 19, 0.051798459],
  [0.5, 5, 0.99212329],
  [0, 3, 1],
])('the tail of chi-squared above %d with %i degrees is %d', (value, degrees, expected) => {
  expect(upperTailOfChiSquared(value, degrees)).toBeCloseTo(expected, 7);
});

it('compares pairs over blocks and corrects for their number', () => {
  const values = [1, 2, 3, 4, 5, 6].map((block) => [block + 0.1 * block, block, block]);
  const [first, second, third] = comparePairs(values, listPairs(3));
  expect([first!.pair, second!.pair, third!.pair]).toEqual([
    [0, 1],
    [0, 2],
    [1, 2],
  ]);
  expect(first!.tests).toMatchObject({
    sign: expect.closeTo(2 / 64, 12),
    wilcoxon: expect.closeTo(2 / 64, 12),
  });
  expect(first!.adjusted.wilcoxon).toBeCloseTo(6 / 64, 12);
  expect(third!.adjusted).toEqual({ sign: 1, wilcoxon: 1 });
});
