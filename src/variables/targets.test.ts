import { describe, expect, it } from 'vitest';
import { makeColumns } from './columns.js';
import { countOutputs, fillTargets, layOutHeads, type Target } from './targets.js';

const table = makeColumns(
  4,
  [
    { name: 'size', kind: 'ordered', levels: [1, 2, 3] },
    { name: 'shape', kind: 'categorical', levels: ['square', 'ellipse', 'heart'] },
    { name: 'hired', kind: 'categorical', levels: ['no', 'yes'] },
  ],
  { size: Uint16Array.of(0, 1, 2, 1), shape: Uint16Array.of(2, 1, 0, 0), hired: Uint16Array.of(0, 1, 1, 0) },
);
const targets: readonly Target[] = [
  { name: 'size', kind: 'numeric' },
  { name: 'shape', kind: 'categorical' },
  { name: 'hired', kind: 'binary' },
];

describe('targets', () => {
  it('take one output for a number, one for each class, and one for a class out of two', () => {
    const heads = layOutHeads(table, targets);
    expect(heads.map(({ name, start, width }) => [name, start, width])).toEqual([
      ['size', 0, 1],
      ['shape', 1, 3],
      ['hired', 4, 1],
    ]);
    expect(countOutputs(heads)).toBe(5);
  });

  it('are scaled values and level indices', () => {
    const out = new Float32Array(6);
    fillTargets(table, targets, [1, 2], out);
    expect([...out]).toEqual([0.5, 1, 1, 1, 0, 1]);
  });

  it('are refused where a class out of two has three levels', () => {
    expect(() => layOutHeads(table, [{ name: 'shape', kind: 'binary' }])).toThrow(
      'the target shape is to be one of two, but it has 3 levels',
    );
  });
});
