import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../core/json.js';
import { makeGrid } from '../variables/grid.js';
import { layOutHeads } from '../variables/targets.js';
import { nameHeldVariables } from './held.js';
import { makeSplit } from './index.js';
import { nearestSeen, trainMean } from './references.js';
import type { StatementConfig } from './rules/rule.js';
import { encodeSplit } from './saved-split.js';
import { watchedSets } from './split.js';

const table = makeGrid([
  { name: 'shape', kind: 'categorical', levels: ['square', 'ellipse'] },
  { name: 'hue', kind: 'categorical', levels: ['red', 'blue'] },
  { name: 'look', kind: 'categorical', levels: ['plain', 'outline', 'texture'] },
  { name: 'draw', kind: 'ordered', levels: Array.from({ length: 50 }, (_, at) => at) },
]);
const unseen = { shape: 'square', hue: 'blue' };
const sets: Readonly<Record<string, JsonObject>> = {
  validation: { of: 'train', share: 0.1 },
  train: { look: 'plain', not: unseen },
  iid: { of: 'train', share: 0.2 },
  new_pair: { look: 'plain', ...unseen },
  outline: { look: 'outline', not: unseen },
};
const config = (changed: Readonly<Record<string, JsonObject>> = sets, seed = 0): StatementConfig => ({
  rule: 'statement',
  sets: changed,
  seed,
});

describe('named sets', () => {
  it('are disjoint, need not cover the table, and begin with train', () => {
    const split = makeSplit(table, config());
    const counts = Object.entries(split.sets).map(([name, examples]) => [name, examples.length]);
    expect(counts).toEqual([
      ['train', 105],
      ['validation', 15],
      ['iid', 30],
      ['new_pair', 50],
      ['outline', 150],
    ]);
    const all = Object.values(split.sets).flatMap((examples) => [...examples]);
    expect(new Set(all).size).toBe(350);
    expect(
      Object.values(split.sets).every((examples) => examples.join() === examples.toSorted().join()),
    ).toBe(true);
    expect(JSON.parse(encodeSplit(split)).counts).toEqual(Object.fromEntries(counts));
    expect(watchedSets(split.sets).map(([name]) => name)).toEqual(['train', 'validation']);
  });

  it('say in words what they are', () => {
    expect(makeSplit(table, config()).statement).toEqual([
      'validation: 15 of what is said of train, a share of 0.1 at random (seed 0)',
      'train: every example whose look is plain and (not (shape is square and hue is blue)), less those of validation and iid',
      'iid: 30 of what is said of train, a share of 0.2 at random (seed 0)',
      'new_pair: every example whose look is plain and shape is square and hue is blue',
      'outline: every example whose look is outline and (not (shape is square and hue is blue))',
    ]);
  });

  it('hold out the levels that training never has', () => {
    const split = makeSplit(table, config());
    expect(split.held).toEqual({ shape: [], hue: [], look: [1, 2], draw: [] });
    const firsts = ['train', 'new_pair', 'outline'].map((name) => split.sets[name]![0]!);
    expect(nameHeldVariables(table, split, firsts)).toEqual(['', '', 'look']);
  });

  it('do not depend on the order in which they are written', () => {
    const split = makeSplit(table, config());
    const turned = makeSplit(table, config(Object.fromEntries(Object.entries(sets).reverse())));
    expect(turned.hash).toBe(split.hash);
    expect(turned.sets).toEqual(split.sets);
  });

  it('drawn at random change with the seed, stated ones do not; none moves when another comes last', () => {
    const split = makeSplit(table, config());
    const other = makeSplit(table, config(sets, 1));
    expect(other.sets.iid).not.toEqual(split.sets.iid);
    expect(other.sets.outline).toEqual(split.sets.outline);
    expect(other.hash).not.toBe(split.hash);
    const more = makeSplit(table, config({ ...sets, zoom: { of: 'train', share: 0.1 } }));
    expect(more.sets.iid).toEqual(split.sets.iid);
    expect(more.sets.train.length).toBe(90);
  });

  it.each<readonly [string, Readonly<Record<string, JsonObject>>, string, RegExp]>([
    ['without train', { test: unseen }, 'split.sets.train', /what training sees/],
    [
      'that overlap',
      { train: { hue: 'red' }, test: { shape: 'square' } },
      'split.sets.test',
      /train and test share/,
    ],
    [
      'of a set that is not there',
      { ...sets, iid: { of: 'tran', share: 0.1 } },
      'split.sets.iid.of',
      /no set 'tran'/,
    ],
    [
      'of a part',
      { ...sets, iid: { of: 'validation', share: 0.1 } },
      'split.sets.iid.of',
      /no set 'validation'/,
    ],
    ['too large', { ...sets, iid: { of: 'train', share: 0.9 } }, 'split.sets.iid.share', /leave nothing/],
    ['of no share', { ...sets, iid: { of: 'train', share: 0 } }, 'split.sets.iid.share', /not 0/],
    ['too small', { ...sets, iid: { of: 'train', share: 0.001 } }, 'split.sets.iid', /no example is left/],
    [
      'with more to say',
      { ...sets, iid: { of: 'train', count: 3 } },
      'split.sets.iid.count',
      /'share' alone/,
    ],
    ['of no variable', { ...sets, odd: { size: 'large' } }, 'split.sets.odd.size', /no variable 'size'/],
  ])('are refused: %s', (_, changed, place, message) => {
    expect(() => makeSplit(table, config(changed))).toThrow(message);
    expect(() => makeSplit(table, config(changed))).toThrow(
      expect.objectContaining({ name: 'HeldoutError', place }),
    );
  });
});

describe('references of classes', () => {
  const heads = layOutHeads(table, [
    { name: 'hue', kind: 'categorical' },
    { name: 'look', kind: 'categorical' },
  ]);
  const split = makeSplit(
    table,
    config({ train: { any: [{ look: 'plain' }, { shape: 'square', hue: 'red', look: 'outline' }] } }),
  );

  it('answer with the shares of the classes, none of them impossible', () => {
    const { look } = trainMean(table, split, heads);
    expect(look!.map((answer) => Array.from(answer, Math.exp))).toEqual(
      Array(3).fill([201, 51, 1].map((count) => expect.closeTo(count / 253, 12))),
    );
    expect(heads.map(({ start, width }) => [start, width])).toEqual([
      [0, 2],
      [2, 3],
    ]);
  });

  it('answer with one logit where there are two classes and one output', () => {
    const binary = layOutHeads(table, [{ name: 'hue', kind: 'binary' }]);
    const certain = nearestSeen(table, split, binary).hue!.map((answer) => answer[0]);
    expect(certain).toEqual([-Math.log(1e6), Math.log(1e6)]);
    const [both] = trainMean(table, split, heads).hue!;
    const [one] = trainMean(table, split, binary).hue!;
    expect(one!.length).toBe(1);
    expect(one![0]).toBeCloseTo(both![1]! - both![0]!, 12);
  });

  it('read perfectly what training had, and take the most frequent class for the rest', () => {
    const { hue, look } = nearestSeen(table, split, heads);
    const best = (answer: ArrayLike<number>) => Array.from(answer).indexOf(Math.max(...Array.from(answer)));
    expect(hue!.map(best)).toEqual([0, 1]);
    expect(look!.map(best)).toEqual([0, 1, 0]);
  });
});
