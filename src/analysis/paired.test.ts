import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparePaired, judgeEffect, signFlipP } from './paired.js';
import { summarize } from './summary.js';

const bySeed = (values: readonly number[], first = 0) =>
  new Map(values.map((value, index) => [String(first + index), value]));

describe('a paired difference', () => {
  it('is taken over the seeds that both have', () => {
    const found = comparePaired(bySeed([0.9, 0.8, 0.7, 0.6]), bySeed([0.7, 0.5, 0.9], 1))!;
    expect(found.difference.values).toEqual([0.8 - 0.7, 0.7 - 0.5, 0.6 - 0.9]);
    expect(comparePaired(bySeed([1]), bySeed([1], 1))).toBeUndefined();
    expect(comparePaired(bySeed([Number.NaN, 1]), bySeed([0, 0]))!.difference.values).toEqual([1]);
  });

  it('has no exact p beyond what can be counted', () => {
    const many = (n: number) => comparePaired(bySeed(Array(n).fill(1)), bySeed(Array(n).fill(0)))!.p;
    expect(many(20)).toBe(2 / 2 ** 20);
    expect(many(21)).toBeUndefined();
  });
});

describe('the sign-flip test', () => {
  it.each([
    [[0.01, 0.02, 0.03, 0.04, 0.05], 0.0625],
    [[0.01], 1],
    [[0, 0, 0], 1],
    [[1, -1], 1],
    // 3 + 2 - 1 = 4 and more: six, four, and their opposites, of eight.
    [[3, 2, -1], 0.5],
    [[0.1, 0.2, -0.3], 1],
  ])('of %j has p %d', (differences, p) => {
    expect(signFlipP(differences)).toBe(p);
  });

  it('counts what a plain loop over all assignments counts', () => {
    const values = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(values, (differences) => {
        const sums = differences.reduce<number[]>(
          (all, value) => all.flatMap((sum) => [sum + value, sum - value]),
          [0],
        );
        const found = Math.abs(differences.reduce((sum, value) => sum + value, 0));
        const share = sums.filter((sum) => Math.abs(sum) >= found).length / sums.length;
        expect(signFlipP(differences)).toBe(share);
      }),
    );
  });
});

it.each([
  [[0.02, 0.03, 0.025], 'reproduced'],
  [[-0.01, 0.001, 0.004], 'not reproduced'],
  [[-0.05, 0.1, 0.02], 'undecided'],
  [[0.03], 'undecided'],
])('judges %j against an effect of 0.025: %s', (differences, outcome) => {
  expect(judgeEffect(summarize(differences)!, 0.025)).toBe(outcome);
});
