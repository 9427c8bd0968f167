import { expect, it } from 'vitest';
import { resizePositions } from './resize-positions.js';
import { readPretrained } from './testing/golden.js';

const { given, positions } = readPretrained();

it.each(positions)("positions of 5 x 5 patches become timm's of $to", ({ to, values }) => {
  const found = resizePositions(Float32Array.from(given), 2, [5, 5], to);
  expect(found).toHaveLength(values.length);
  for (const [at, value] of values.entries()) expect(found[at]).toBeCloseTo(value, 5);
});
