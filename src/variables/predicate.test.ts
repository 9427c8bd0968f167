import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeGrid } from './grid.js';
import {
  all,
  any,
  indicesOf,
  isIn,
  matchExamples,
  not,
  type Predicate,
  selectExamples,
} from './predicate.js';
import { parsePredicate } from './predicate-parser.js';
import { describePredicate } from './predicate-words.js';
import type { Variable } from './variable.js';

const variables: readonly Variable[] = [
  { name: 'shape', kind: 'categorical', levels: ['square', 'ellipse', 'not'] },
  { name: 'scale', kind: 'ordered', levels: [0.5, 0.6, 0.7, 0.8, 0.9, 1] },
  { name: 'x', kind: 'ordered', levels: Array.from({ length: 32 }, (_, i) => i / 31) },
];
const grid = makeGrid(variables);
const parse = (text: string) => parsePredicate(text, variables);

describe('statements', () => {
  it.each([
    ['scale >= 0.8', isIn('scale', [3, 4, 5])],
    ['scale>0.8', isIn('scale', [4, 5])],
    ['scale < 0.55', isIn('scale', [0])],
    ['x <= 0.03226', isIn('x', [0, 1])],
    ['x >= 0.8065', isIn('x', [25, 26, 27, 28, 29, 30, 31])],
    ['shape = square', isIn('shape', [0])],
    ['shape is not square', isIn('shape', [1, 2])],
    ['shape != ellipse', isIn('shape', [0, 2])],
    ["shape is 'not'", isIn('shape', [2])],
    ['scale in {0.5, 1}', isIn('scale', [0, 5])],
    ['scale is not in {0.5, ..., 0.8}', isIn('scale', [4, 5])],
    ['scale not in {}', isIn('scale', [0, 1, 2, 3, 4, 5])],
    ['everything', all([])],
    ['not scale = 1', not(isIn('scale', [5]))],
    [
      'scale = 1 and x = 0 or shape = square',
      any([all([isIn('scale', [5]), isIn('x', [0])]), isIn('shape', [0])]),
    ],
    [
      'scale = 1 and (x = 0 or shape = square)',
      all([isIn('scale', [5]), any([isIn('x', [0]), isIn('shape', [0])])]),
    ],
  ])('reads %s', (text, predicate) => {
    expect(parse(text)).toEqual(predicate);
  });

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

  it.each([
    ['colour = red', /there is no variable 'colour'/, 'column 1', 'the variables are shape, scale, x'],
    ['scale = 2', /scale has no level '2'/, 'column 9', 'its levels are 0.5, 0.6, 0.7, 0.8, 0.9, 1'],
    ['shape > square', /compares what has no order/, 'column 9', 'shape in {square, ellipse}'],
    ['scale ~ 1', /expected a comparison, found ~/, 'column 7', 'one of = != < <= > >= is in'],
    ['(scale = 1', /expected '\)', found the end/, 'column 11', "add ')'"],
    ['scale = 1 x = 0', /'x' is left over/, 'column 11', "join statements with 'and' or 'or'"],
    ['scale = !', /cannot read '!'/, 'column 9', 'scale >= 0.8 and shape = heart'],
  ])('refuses %s', (text, message, column, hint) => {
    expect(() => parse(text)).toThrow(message);
    expect(() => parse(text)).toThrow(
      expect.objectContaining({ place: expect.stringContaining(column), hints: [hint], exitCode: 2 }),
    );
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
    const chosen = selectExamples(grid, parse('scale >= 0.9 and not (shape in {square, ellipse} or x > 0)'));
    expect([...chosen]).toEqual([(2 * 6 + 4) * 32, (2 * 6 + 5) * 32]);
    expect([...indicesOf(Uint8Array.of(1, 0, 0, 1), 0)]).toEqual([1, 2]);
  });

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(anyPredicate, (predicate) => {
        const words = describePredicate(predicate, variables);
        expect(matchExamples(grid, parse(words))).toEqual(matchExamples(grid, predicate));
        expect(describePredicate(parse(words), variables)).toBe(words);
      }),
      { numRuns: 150 },
    );
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
