import { describe, expect, it } from 'vitest';
import type { Json } from '../core/json.js';
import { makeGrid } from './grid.js';
import { matchExamples } from './predicate.js';
import { describePredicate } from './predicate-words.js';
import { parseStatement } from './statement.js';
import type { Variable } from './variable.js';

const variables: readonly Variable[] = [
  { name: 'shape', kind: 'categorical', levels: ['square', 'ellipse', 'heart'] },
  { name: 'hue', kind: 'categorical', levels: ['red', 'blue'] },
  { name: 'scale', kind: 'ordered', levels: [0.5, 2 / 3, 1] },
];
const grid = makeGrid(variables);
const parse = (statement: Json) => parseStatement(statement, variables, 'split.sets.train');

describe('a statement', () => {
  it.each<readonly [Json, string, number]>([
    [{ shape: 'square' }, 'shape is square', 6],
    [{ shape: ['heart', 'square'], hue: 'red' }, 'shape is not ellipse and hue is red', 6],
    [{ hue: { not: ['red'] } }, 'hue is blue', 9],
    [{ scale: { at_least: 0.6 } }, 'scale is not 0.5', 12],
    [{ scale: { at_least: 0.6, at_most: 0.9 } }, 'scale is 0.6667', 6],
    [{ scale: 0.6667 }, 'scale is 0.6667', 6],
    [{ not: { shape: 'square', hue: 'red' } }, 'not (shape is square and hue is red)', 15],
    [
      {
        scale: 1,
        any: [
          { shape: 'square', hue: 'blue' },
          { shape: 'heart', hue: 'red' },
        ],
      },
      'scale is 1 and ((shape is square and hue is blue) or (shape is heart and hue is red))',
      2,
    ],
    [{ all: [{ shape: 'heart' }, { not: { hue: 'red' } }] }, 'shape is heart and (not hue is red)', 3],
  ])('%j', (statement, words, count) => {
    const predicate = parse(statement);
    expect(describePredicate(predicate, variables)).toBe(words);
    expect(matchExamples(grid, predicate).reduce((sum, value) => sum + value, 0)).toBe(count);
  });

  it.each<readonly [Json, string, RegExp]>([
    [{}, 'split.sets.train', /map of variables/],
    ['square', 'split.sets.train', /map of variables/],
    [{ colour: 'red' }, 'split.sets.train.colour', /no variable 'colour'/],
    [{ shape: 'star' }, 'split.sets.train.shape', /no level "star"/],
    [{ shape: [] }, 'split.sets.train.shape', /no level is named/],
    [{ shape: {} }, 'split.sets.train.shape', /no level is named/],
    [{ shape: { at_least: 1 } }, 'split.sets.train.shape.at_least', /only where they are numbers/],
    [{ scale: { above: 1 } }, 'split.sets.train.scale.above', /'above' is not said/],
    [{ any: { shape: 'square' } }, 'split.sets.train.any', /a list of statements/],
    [{ any: [{ shape: 'square' }, { hue: 'green' }] }, 'split.sets.train.any.1.hue', /no level "green"/],
  ])('that says nothing is refused: %j', (statement, place, message) => {
    expect(() => parse(statement)).toThrow(message);
    expect(() => parse(statement)).toThrow(expect.objectContaining({ name: 'HeldoutError', place }));
  });
});
