import { describe, expect, it } from 'vitest';
import { groupPairs } from '../records.js';
import { record } from '../testing/planted.js';
import { describeRegimes, labelRegime } from './regime.js';

const labelOf = (points: readonly (readonly [number, number])[]) =>
  labelRegime(groupPairs(points.map(([id, ood], at) => record(`n${at}`, id, ood)))[0]!).regime;

describe('the shape of a scatter', () => {
  it.each<[string, readonly (readonly [number, number])[]]>([
    ['increasing', [0.5, 0.6, 0.7, 0.8, 0.9].map((id) => [id, id - 0.2] as const)],
    ['vertical', [0.3, 0.7, 0.4, 0.6, 0.5].map((ood, at) => [0.9 + at / 1000, ood] as const)],
    ['horizontal', [0.7, 0.5, 0.9, 0.6, 0.8].map((id, at) => [id, 0.4 + at / 1000] as const)],
    ['negative', [0.5, 0.6, 0.7, 0.8, 0.9].map((id) => [id, 1 - id] as const)],
    [
      'none',
      ([0.5, 0.6, 0.7, 0.8, 0.9] as const).map((id, at) => [id, [0.4, 0.6, 0.5, 0.3, 0.5][at]!] as const),
    ],
    ['too few', [0.5, 0.6, 0.7, 0.8].map((id) => [id, id] as const)],
  ])('%s', (wanted, points) => {
    expect(labelOf(points)).toBe(wanted);
  });

  it('comes with its thresholds', () => {
    expect(describeRegimes()).toContain('Spearman at least 0.8');
    expect(describeRegimes()).toContain('below 2 points and of OOD accuracy above 5');
  });
});
