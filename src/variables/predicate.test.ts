import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeGrid } from './grid.js';
import { all, any, indicesOf, isIn, matchExamples, not, type Predicate } from './predicate.js';
import { describePredicate } from './predicate-words.js';
import type { Variable } from './variable.js';

const variables: readonly Variable[] = [
  { name: 'shape', kind: 'categorical', levels: ['square', 'ellipse', 'not'] },
  { name: 'scale', kind: 'ordered', levels: [0.5, 0.6, 0.7, 0.8, 0.9, 1] },
  { name: 'x', kind: 'ordered', levels: Array.from({ length: 32 }, (_, i) => i / 31) },
];
const grid = makeGrid(variables);

describe('statements', () => {
  it.each([
    [isIn('scale', [0, 1, 2]), 'scale is in {0.5, 0.6, 0.7}'],
    [isIn('x', [25, 26, 27, 28, 29, 30, 31]), 'x is in {0.8065, ..., 1}'],
    [isIn('scale', [0, 1, 2, 3]), 'scale is not in {0.9, 1}'],
    [isIn('shape', [2]), "shape is 'not'"],
    [
      all([isIn('shape', [0]), any([isIn('scale', [5]), not(isIn('x', [0]))])]),
      'shape is square and (scale is 1 or (not x is 0))',
    ],
  ])('writes %j', (predicate, words) => {
    expect(describePredicate(predicate, variables)).toBe(words);
  });
});

const anyPredicate: fc.Arbitrary<Predicate> = fc.letrec<{ predicate: Predicate }>((tie) => ({
  predicate: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc
      .constantFrom(...variables)
      .chain((variable) =>
        fc.subarray(variable.levels.map((_, level) => level)).map((levels) => isIn(variable.name, levels)),
      ),
    tie('predicate').map(not),
    fc.array(tie('predicate'), { maxLength: 3 }).map(all),
    fc.array(tie('predicate'), { maxLength: 3 }).map(any),
  ),
})).predicate;

describe('selecting examples', () => {
  it('finds exactly the examples that a statement is true of', () => {
    const others = any([isIn('shape', [0, 1]), not(isIn('x', [0]))]);
    const mask = matchExamples(grid, all([isIn('scale', [4, 5]), not(others)]));
    expect([...indicesOf(mask, 1)]).toEqual([(2 * 6 + 4) * 32, (2 * 6 + 5) * 32]);
    expect([...indicesOf(Uint8Array.of(1, 0, 0, 1), 0)]).toEqual([1, 2]);
  });

  it('obeys De Morgan', () => {
    fc.assert(
      fc.property(anyPredicate, anyPredicate, (a, b) => {
        expect(matchExamples(grid, not(all([a, b])))).toEqual(matchExamples(grid, any([not(a), not(b)])));
      }),
      { numRuns: 30 },
    );
  });
});
