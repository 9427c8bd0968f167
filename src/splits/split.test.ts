import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dspritesFactors } from '../datasets/drawn/dsprites/factors.js';
import { countUp } from '../random/draw.js';
import { makeGrid } from '../variables/grid.js';
import { chooseLevels, keepLevels } from '../variables/levels.js';
import { nameHeldVariables } from './held.js';
import { makeSplit } from './index.js';
import type { SplitConfig } from './rules/rule.js';
import { sampleSet } from './sample.js';
import { encodeSplit } from './saved-split.js';

const choices = { orientation: { first: 10 }, x: { every: 2 }, y: { every: 2 } };
const kept = chooseLevels(dspritesFactors, choices, 'dataset.levels');
const table = makeGrid(dspritesFactors.map((factor, i) => keepLevels(factor, kept[i]!)));
const config = (rule: string, changes: Partial<SplitConfig> = {}): SplitConfig => ({
  rule,
  fixed: ['shape'],
  share: 0.2,
  ...changes,
});

describe('a reduced grid', () => {
  it.each([
    ['random', 13_824, 32_256],
    ['interpolation', 13_824, 32_256],
    ['extrapolation', 13_824, 32_256],
    ['composition', 9_630, 36_450],
  ])('%s: %i train, %i test', (rule, train, test) => {
    expect(table.size).toBe(46_080);
    const { sets } = makeSplit(table, config(rule));
    expect([sets.train.length, sets.test!.length]).toEqual([train, test]);
  });

  it('states its rule with the values of the levels that are left', () => {
    const { held, statement } = makeSplit(table, config('extrapolation'));
    expect(held).toEqual({
      shape: [],
      scale: [4, 5],
      orientation: [8, 9],
      x: [12, 13, 14, 15],
      y: [12, 13, 14, 15],
    });
    expect(statement).toEqual([
      'train: every example whose scale is not in {0.9, 1} and orientation is not in {1.289, 1.45} and x is not in {0.7742, ..., 0.9677} and y is not in {0.7742, ..., 0.9677}',
      'test: every example whose scale is in {0.9, 1} or orientation is in {1.289, 1.45} or x is in {0.7742, ..., 0.9677} or y is in {0.7742, ..., 0.9677}',
    ]);
  });

  it.each([
    [
      'composition',
      'train: every example whose orientation is 0 or x is 0 or y is 0',
      'test: every example whose orientation is not 0 and x is not 0 and y is not 0',
    ],
    [
      'interpolation',
      'train: every example whose scale is not in {0.6, 0.9} and orientation is not in {0.3222, 1.128} and x is not in {0.129, 0.3871, 0.5806, 0.8387} and y is not in {0.129, 0.3871, 0.5806, 0.8387}',
      'test: every example whose scale is in {0.6, 0.9} or orientation is in {0.3222, 1.128} or x is in {0.129, 0.3871, 0.5806, 0.8387} or y is in {0.129, 0.3871, 0.5806, 0.8387}',
    ],
  ])('states %s', (rule, ...statement) => {
    expect(makeSplit(table, config(rule)).statement).toEqual(statement);
  });

  it('names the held variables of each example', () => {
    const split = makeSplit(table, config('extrapolation'));
    expect(nameHeldVariables(table, split, [0, 15, 16 * 12, 46_079])).toEqual([
      '',
      'y',
      'x',
      'scale+orientation+x+y',
    ]);
    expect(nameHeldVariables(table, makeSplit(table, config('random')), [0, 46_079])).toEqual(['', '']);
  });
});

describe('every split', () => {
  const sizes = fc.array(fc.integer({ min: 2, max: 7 }), { minLength: 1, maxLength: 4 });
  const shares = fc.double({ min: 0.01, max: 0.5, noNaN: true });
  const rules = fc.constantFrom('random', 'interpolation', 'extrapolation', 'composition');

  it('is disjoint, complete and the same every time; its hash tells splits apart', () => {
    fc.assert(
      fc.property(sizes, shares, rules, (levels, share, rule) => {
        const grid = makeGrid(
          levels.map((count, i) => ({ name: `v${i}`, kind: 'ordered', levels: [...countUp(count)] })),
        );
        const options = config(rule, { fixed: [], share, composition_share: 0.5 });
        const split = makeSplit(grid, options);
        const members = [...split.sets.train, ...split.sets.test!].sort((a, b) => a - b);
        expect(members).toEqual([...countUp(grid.size)]);
        expect(makeSplit(grid, options)).toEqual(split);
        expect(split.hash).toMatch(/^[0-9a-f]{64}$/);
      }),
      { numRuns: 60 },
    );
    const hashes = ['random', 'interpolation', 'extrapolation', 'composition'].map(
      (rule) => makeSplit(table, config(rule)).hash,
    );
    hashes.push(makeSplit(table, config('random', { seed: 1 })).hash);
    expect(new Set(hashes).size).toBe(5);
  });
});

describe('what no rule can follow', () => {
  it.each([
    [config('layered'), 'split.rule', /no split rule 'layered'/],
    [config('toString'), 'split.rule', /no split rule/],
    [config('random', { fixed: ['colour'] }), 'split.fixed', /no variable 'colour'/],
    [
      config('random', { fixed: ['shape', 'scale', 'orientation', 'x', 'y'] }),
      'split.fixed',
      /nothing is left/,
    ],
    [config('random', { share: 0 }), 'split.share', /above 0 and below 1, not 0/],
    [config('random', { share: 1.2 }), 'split.share', /not 1.2/],
    [config('random', { share: Number.NaN }), 'split.share', /not NaN/],
    [config('random', { seed: -1 }), 'split.seed', /0 \.\. 2\^32 - 1/],
    [config('extrapolation', { share: 0.9 }), 'split.share', /no example for train.*every level of scale/],
    [config('composition', { composition_share: 0.01 }), 'split.composition_share', /for train.*0\.0100/],
    [config('composition', { share: 0.5 }), 'split.composition_share', /no variable has a low level/],
  ])('%j', (options, place, message) => {
    expect(() => makeSplit(table, options)).toThrow(message);
    expect(() => makeSplit(table, options)).toThrow(
      expect.objectContaining({ name: 'HeldoutError', place, exitCode: 2 }),
    );
  });

  it('suggests to keep a variable whole only where another remains', () => {
    const hintsOf = (fixed: readonly string[]) => {
      try {
        makeSplit(table, config('extrapolation', { share: 0.95, fixed }));
      } catch (error) {
        return (error as { hints: string[] }).hints.join(' ');
      }
      return '';
    };
    expect(hintsOf([])).not.toContain('split.fixed');
    expect(hintsOf(['shape', 'scale', 'orientation', 'x'])).not.toContain('split.fixed');
  });

  it('suggests a share that works', () => {
    let hint = '';
    try {
      makeSplit(table, config('composition', { share: 0.5 }));
    } catch (error) {
      hint = (error as { hints: string[] }).hints[0]!;
    }
    expect(hint).toBe('split.composition_share=0.063');
    expect(makeSplit(table, config('composition', { composition_share: 0.063 })).sets.train.length).toBe(
      5760 - 180,
    );
  });
});

describe('sampleSet', () => {
  const examples = Uint32Array.from({ length: 1000 }, (_, i) => 3 * i);

  it('takes the same ascending examples every time, others for another seed or name', () => {
    const sample = sampleSet(examples, 100, 0, 'test');
    expect(sample.length).toBe(100);
    expect(sample).toEqual(sample.toSorted());
    expect(new Set(sample).size).toBe(100);
    expect(sample.every((example) => examples.includes(example))).toBe(true);
    expect(sampleSet(examples, 100, 0, 'test')).toEqual(sample);
    expect(sampleSet(examples, 100, 1, 'test')).not.toEqual(sample);
    expect(sampleSet(examples, 100, 0, 'train')).not.toEqual(sample);
  });

  it('takes all of a smaller set', () => {
    expect(sampleSet(examples, 1000, 0, 'test')).toEqual(examples);
    expect(sampleSet(examples, 5000, 0, 'test')).toEqual(examples);
  });
});

it('a saved split is small, and says what is held out', () => {
  const split = makeSplit(table, config('interpolation'));
  const text = encodeSplit(split);
  expect(text.length).toBeLessThan(2000);
  expect(JSON.parse(text)).toMatchObject({
    rule: 'interpolation',
    counts: { train: 13_824, test: 32_256 },
    held: split.held,
    hash: split.hash,
  });
});
