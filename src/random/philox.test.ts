import { describe, expect, it } from 'vitest';
import { philox, statelessUniform } from './philox.js';

const run = (counter: readonly number[], [a, b]: readonly [number, number]) => {
  const words = Uint32Array.from(counter);
  philox(words, 0, a, b);
  return [...words];
};

describe('philox', () => {
  it.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ] as const)('of %j has the words that its authors publish', (counter, key, expected) => {
    expect(run(counter, key)).toEqual(expected);
  });
});

describe('statelessUniform', () => {
  it('gives numbers in [0, 1) whose mean and spread are those of the uniform distribution', () => {
    const numbers = statelessUniform(1, 2, 40_001);
    expect(numbers).toHaveLength(40_001);
    expect(numbers.every((value) => value >= 0 && value < 1 && Number.isInteger(value * 2 ** 23))).toBe(true);
    const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
    const square = numbers.reduce((sum, value) => sum + value ** 2, 0) / numbers.length;
    expect(mean).toBeCloseTo(0.5, 2);
    expect(square - mean ** 2).toBeCloseTo(1 / 12, 2);
  });

  it('gives other numbers to other seeds, and the same beginning to another length', () => {
    expect(statelessUniform(1, 2, 8)).not.toEqual(statelessUniform(2, 1, 8));
    expect(statelessUniform(-1, 2, 5)).toEqual(statelessUniform(-1, 2, 9).slice(0, 5));
  });
});
