import { expect, it } from 'vitest';
import { weighGroups } from './group-weights.js';

it('weighs pairs so that group and class are independent', () => {
  const group = Uint16Array.of(0, 0, 0, 1, 1, 1, 1, 1, 0);
  const target = Uint16Array.of(0, 0, 1, 0, 1, 1, 1, 1, 1);
  const examples = Uint32Array.of(0, 1, 2, 3, 4, 5, 6, 7);
  const weights = weighGroups(group, target, examples);
  // Of eight, three are of group 0 and five of class 1.
  const of = (at: number) => weights[at];
  expect(of(0)).toBeCloseTo((3 * 3) / 8 / 2, 6);
  expect(of(2)).toBeCloseTo((3 * 5) / 8 / 1, 6);
  expect(of(3)).toBeCloseTo((5 * 3) / 8 / 1, 6);
  expect(of(4)).toBeCloseTo((5 * 5) / 8 / 4, 6);
  // One that is not among them has the weight of its pair.
  expect(of(8)).toBe(of(2));
  expect(examples.reduce((sum, example) => sum + weights[example]!, 0)).toBeCloseTo(8, 5);
  const mass = (level: number, label: number) =>
    examples.reduce((sum, at) => sum + (group[at] === level && target[at] === label ? weights[at]! : 0), 0);
  for (const level of [0, 1]) {
    expect(mass(level, 1) / (mass(level, 0) + mass(level, 1))).toBeCloseTo(5 / 8, 5);
  }
});

it('leaves out pairs that do not occur', () => {
  const weights = weighGroups(Uint16Array.of(0, 1, 1), Uint16Array.of(0, 1, 0), Uint32Array.of(0, 1));
  expect([...weights]).toEqual([0.5, 0.5, 0]);
});
