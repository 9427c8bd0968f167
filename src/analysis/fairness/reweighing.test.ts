import { expect, it } from 'vitest';
import { numbers } from '../../models/testing/golden.js';
import { reweigh } from './reweighing.js';

it('weighs by what would be there if class and group had nothing to do with each other', () => {
  const target = Uint8Array.of(1, 1, 1, 0, 0, 0, 0, 0);
  const groups = Uint16Array.of(1, 1, 0, 1, 0, 0, 0, 0);
  // 3 of 8 are positive and 3 of 8 of group 1: 9/8 would be both, 2 are.
  expect(Array.from(reweigh(target, groups))).toEqual([
    ...[9 / 16, 9 / 16, 15 / 8, 15 / 8],
    ...Array(4).fill(25 / 32),
  ]);
});

it('makes the rate of positives the same in all groups', () => {
  const target = Uint8Array.from(numbers(1, 300), (u) => (u < 0.3 ? 1 : 0));
  const groups = Uint16Array.from(numbers(2, 300), (u, at) => Math.floor(3 * u ** (1 + target[at]!)));
  const weights = reweigh(target, groups);
  expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(300, 9);
  const sum = (keep: (at: number) => boolean) =>
    weights.reduce((total, weight, at) => total + (keep(at) ? weight : 0), 0);
  const overall = sum((at) => target[at] === 1) / 300;
  for (const group of new Set(groups)) {
    const cell = [0, 1].map((label) => sum((at) => groups[at] === group && target[at] === label));
    expect(cell[1]! / (cell[0]! + cell[1]!)).toBeCloseTo(overall, 9);
  }
});
