import { describe, expect, it } from 'vitest';
import { makeGrid } from './grid.js';
import { chooseLevels, keepLevels, nameLevels } from './levels.js';
import { countLevels, fillTargets, scaleLevels, targetVariance } from './targets.js';
import type { Variable } from './variable.js';

const shape: Variable = { name: 'shape', kind: 'categorical', levels: ['square', 'heart'] };
const scale: Variable = { name: 'scale', kind: 'ordered', levels: [0.5, 0.75, 1] };
const angle: Variable = { name: 'angle', kind: 'cyclic', levels: [0, 90, 180, 270] };

describe('makeGrid', () => {
  const grid = makeGrid([shape, scale, angle]);

  it('lists every combination once, last variable fastest', () => {
    expect(grid.size).toBe(24);
    expect(grid.strides).toEqual([12, 4, 1]);
    expect([...grid.column('angle').subarray(0, 6)]).toEqual([0, 1, 2, 3, 0, 1]);
    expect([...grid.column('scale').subarray(2, 14)]).toEqual([0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 0, 0]);
    expect(grid.column('shape').indexOf(1)).toBe(12);
    const combinations = Array.from({ length: 24 }, (_, example) =>
      grid.variables.map(({ name }) => grid.column(name)[example]).join(),
    );
    expect(new Set(combinations).size).toBe(24);
  });

  it('makes a column once, and knows its variables only', () => {
    expect(grid.column('angle')).toBe(grid.column('angle'));
    expect(grid.variable('scale')).toEqual(scale);
    expect(() => grid.column('colour')).toThrow(/no variable 'colour' among shape, scale, angle/);
  });

  it('counts levels of some examples', () => {
    expect([...countLevels(grid, 'scale', [0, 1, 4, 23])]).toEqual([2, 1, 1]);
  });

  it('scales targets to [0, 1]; a uniform grid has variance (n + 1) / (12 (n - 1))', () => {
    expect([...scaleLevels(scale)]).toEqual([0, 0.5, 1]);
    expect([...scaleLevels({ ...scale, levels: [7] })]).toEqual([0]);
    expect(targetVariance(grid, 'scale')).toBeCloseTo(4 / 24, 12);
    expect(targetVariance(grid, 'angle')).toBeCloseTo(5 / 36, 12);
    const out = new Float32Array(4);
    const numeric = ['scale', 'shape'].map((name) => ({ name, kind: 'numeric' as const }));
    fillTargets(grid, numeric, [4, 23], out);
    expect([...out]).toEqual([0.5, 0, 1, 1]);
  });
});

describe('choosing levels', () => {
  const choose = (choices: Parameters<typeof chooseLevels>[1]) =>
    chooseLevels([shape, scale, angle], choices, 'dataset.levels');

  it('keeps all, the first n, every k-th, or a list', () => {
    expect(choose({})).toEqual([
      [0, 1],
      [0, 1, 2],
      [0, 1, 2, 3],
    ]);
    expect(choose({ shape: { first: 1 }, scale: { list: [0, 2] }, angle: { every: 2 } })).toEqual([
      [0],
      [0, 2],
      [0, 2],
    ]);
  });

  it('keeps every k-th of the first n', () => {
    expect(choose({ angle: { first: 3, every: 2 } })[2]).toEqual([0, 2]);
    expect(choose({ angle: { first: 2, every: 2 } })[2]).toEqual([0]);
  });

  it('keeps the original values; a part of a circle stays one only when evenly spaced', () => {
    expect(keepLevels(scale, [0, 2])).toEqual({ name: 'scale', kind: 'ordered', levels: [0.5, 1] });
    expect(keepLevels(angle, [0, 2]).kind).toBe('cyclic');
    expect(keepLevels(angle, [0, 1]).kind).toBe('ordered');
  });

  it.each([
    [{ colour: { first: 1 } }, /there is no variable 'colour'/],
    [{ scale: { first: 4 } }, /cannot keep the first 4 of 3 levels/],
    [{ scale: { first: 0 } }, /cannot keep the first 0/],
    [{ scale: { every: 0 } }, /cannot keep every 0-th level/],
    [{ scale: { first: 2, list: [0] } }, /do not go with it/],
    [{ scale: { list: [] } }, /no level is left/],
    [{ scale: { list: [3] } }, /there is no level 3/],
    [{ scale: { list: [1, 1] } }, /not ascending/],
  ])('refuses %j', (choices, message) => {
    expect(() => choose(choices)).toThrow(message);
  });

  it('names levels as short as tells them apart', () => {
    expect(nameLevels({ name: 'x', kind: 'ordered', levels: [0, 1 / 31, 12345] })).toEqual([
      '0',
      '0.03226',
      '12345',
    ]);
    expect(nameLevels({ name: 'x', kind: 'ordered', levels: [0.12345, 0.12346] })).toEqual([
      '0.12345',
      '0.12346',
    ]);
  });
});
