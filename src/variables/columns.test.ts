import { describe, expect, it } from 'vitest';
import { makeColumns } from './columns.js';
import type { Variable } from './variable.js';

const shape: Variable = { name: 'shape', kind: 'categorical', levels: ['square', 'heart'] };

describe('a table of listed levels', () => {
  it('has the columns that it was given', () => {
    const table = makeColumns(3, [shape], { shape: Uint16Array.of(0, 1, 1) });
    expect([table.size, table.variable('shape'), [...table.column('shape')]]).toEqual([3, shape, [0, 1, 1]]);
  });

  it('refuses what is no table', () => {
    expect(() => makeColumns(3, [shape], {})).toThrow("'shape' has no examples, not 3");
    expect(() => makeColumns(2, [shape], { shape: Uint16Array.of(0) })).toThrow('has 1 examples, not 2');
    expect(() => makeColumns(1, [shape], { shape: Uint16Array.of(2) })).toThrow('has 2 levels, none is 2');
    const table = makeColumns(1, [shape], { shape: Uint16Array.of(1) });
    expect(() => table.column('hue')).toThrow("no variable 'hue' among shape");
    expect(() => table.variable('hue')).toThrow(RangeError);
  });
});
