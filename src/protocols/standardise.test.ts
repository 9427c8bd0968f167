import { describe, expect, it } from 'vitest';
import type { Dataset } from '../datasets/dataset.js';
import { makeGrid } from '../variables/grid.js';
import { standardiseOn } from './standardise.js';

/** Three numbers an example: one to be left, one to be standardised, and one that is constant in training. */
const rows = [
  [1, 10, 7],
  [2, 20, 7],
  [3, Number.NaN, 7],
  [4, 60, 7],
  [5, 1000, 9],
];
const dataset: Dataset = {
  name: 'rows',
  table: makeGrid([{ name: 'row', kind: 'ordered', levels: [0, 1, 2, 3, 4] }]),
  inputs: { features: [3] },
  targets: [],
  fingerprint: 'rows',
  standardise: { features: [1, 2] },
  fill(_, examples, out) {
    for (let at = 0; at < examples.length; at++) out.set(rows[examples[at]!]!, 3 * at);
  },
};
const fill = (of: Dataset, examples: readonly number[]) => {
  const out = new Float32Array(3 * examples.length);
  of.fill('features', examples, out);
  return [...out];
};

describe('standardising', () => {
  it('leaves no bytes that stand for numbers as they were', () => {
    const bytes = { values: new Float32Array(256), inMemory: true, read: () => undefined };
    const made = standardiseOn({ ...dataset, stored: () => bytes }, Uint32Array.of(0, 1));
    expect(made.stored!('features')).toEqual({ inMemory: true });
    expect(made.stored!('image')).toBe(bytes);
  });

  it('takes mean and population deviation from the training set alone, over the values that there are', () => {
    const made = standardiseOn(dataset, Uint32Array.of(0, 1, 2, 3));
    const deviation = Math.sqrt((20 ** 2 + 10 ** 2 + 30 ** 2) / 3);
    const expected = [
      [1, -20],
      [2, -10],
      [3, 0],
      [4, 30],
      [5, 970],
    ].map(([first, centred]) => [first!, centred! / deviation]);
    const found = fill(made, [0, 1, 2, 3, 4]);
    for (const [row, [first, second]] of expected.entries()) {
      expect(found[3 * row]).toBe(first);
      expect(found[3 * row + 1]).toBeCloseTo(second!, 5);
      // Constant in training: 0 everywhere, as training has nothing to say of it.
      expect(found[3 * row + 2]).toBe(0);
    }
  });

  it('gives training numbers of mean 0 and variance 1, and is done once', () => {
    const made = standardiseOn(dataset, Uint32Array.of(0, 1, 3));
    const values = fill(made, [0, 1, 3]).filter((_, at) => at % 3 === 1);
    expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 5);
    expect(values.reduce((sum, value) => sum + value ** 2, 0) / 3).toBeCloseTo(1, 5);
    expect(made.standardise).toBeUndefined();
    expect(fill(standardiseOn(made, Uint32Array.of(4)), [1])).toEqual(fill(made, [1]));
  });

  it('leaves a dataset that does not ask for it as it is', () => {
    const { standardise: _, ...plain } = dataset;
    expect(standardiseOn(plain, Uint32Array.of(0))).toBe(plain);
  });
});
