import { expect, it } from 'vitest';
import { stepKey } from './step-key.js';

it('gives every step and every seed a key of its own, the same each time', () => {
  expect(stepKey(0, 0)).toEqual([3090982, 164027]);
  const keys = [0, 1].flatMap((seed) => Array.from({ length: 50 }, (_, step) => stepKey(seed, step).join()));
  expect(new Set(keys).size).toBe(100);
  for (const word of stepKey(7, 1234)) expect(word).toBeLessThan(2 ** 24);
});
