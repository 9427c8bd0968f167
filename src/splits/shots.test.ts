import { describe, expect, it } from 'vitest';
import { makeColumns } from '../variables/columns.js';
import { countLevels } from '../variables/targets.js';
import { makeSplit } from './index.js';
import { drawShots, keepShots } from './shots.js';

const size = 300;
/** Class 2 has three examples among 300. */
const table = makeColumns(
  size,
  [
    { name: 'part', kind: 'categorical', levels: ['train', 'test'] },
    { name: 'class', kind: 'categorical', levels: ['a', 'b', 'c'] },
  ],
  {
    part: Uint16Array.from({ length: size }, (_, at) => Number(at >= 200)),
    class: Uint16Array.from({ length: size }, (_, at) => (at % 100 === 7 ? 2 : at % 2)),
  },
);
const examples = Uint32Array.from({ length: 200 }, (_, at) => at);
const draw = (count: number, which: number | string) => [
  ...drawShots(table, examples, { by: 'class', count, draw: which }),
];

describe('a few examples of each class', () => {
  it('are as many as asked for, or all that there are', () => {
    expect([...countLevels(table, 'class', draw(20, 0))]).toEqual([20, 20, 2]);
    expect(draw(20, 0)).toEqual(draw(20, 0).toSorted((a, b) => a - b));
    expect(draw(1000, 0)).toEqual([...examples]);
  });

  it('are others for another draw, and fewer of one draw are among the more', () => {
    expect(draw(5, 0)).toEqual(draw(5, 0));
    expect(new Set([0, 1, 2, 'choice'].map((which) => draw(5, which).join())).size).toBe(4);
    for (const few of [1, 5, 10]) {
      const more = new Set(draw(20, 3));
      expect(draw(few, 3).every((example) => more.has(example))).toBe(true);
    }
  });

  it('take the place of the training set, and change the hash of the split', () => {
    const split = makeSplit(table, {
      rule: 'statement',
      sets: { train: { part: 'train' }, test: { part: 'test' } },
    });
    const few = keepShots(table, split, { by: 'class', count: 5, draw: 1 });
    expect([...few.sets.train]).toEqual(draw(5, 1));
    expect(few.sets.test).toEqual(split.sets.test);
    expect(few.statement.at(-1)).toBe('train: of that at most 5 of each class, draw 1');
    expect(
      new Set([split.hash, few.hash, keepShots(table, split, { by: 'class', count: 5, draw: 2 }).hash]).size,
    ).toBe(3);
  });
});
