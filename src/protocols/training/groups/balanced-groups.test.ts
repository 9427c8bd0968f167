import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { batchLabels } from '../../../objectives/testing/algorithms.js';
import { drawBalanced } from '../../../random/balanced-batches.js';
import { preparePeople } from '../../testing/people.js';
import { balancedGroups } from './balanced-groups.js';

const { balanced } = JSON.parse(
  readFileSync(new URL('../../../objectives/testing/adaptations-golden.json', import.meta.url), 'utf8'),
) as { readonly balanced: { readonly weights: readonly number[]; readonly counts: readonly number[] } };

it('draws every example as often as the weights of the reference say', () => {
  const labels = batchLabels(5);
  const groups = balanced.counts.flatMap((count, group) => {
    const own = labels.flatMap((label, row) => (3 * Math.floor(row / 8) + label === group ? [row] : []));
    expect(own).toHaveLength(count);
    return own.length === 0 ? [] : [Uint32Array.from(own)];
  });
  const draws = 40_000;
  const counts = new Float64Array(labels.length);
  for (const row of drawBalanced(groups, draws, 1)(0)) counts[row]!++;
  for (const [row, weight] of balanced.weights.entries()) {
    const error = Math.sqrt((weight * (1 - weight)) / draws);
    expect(Math.abs(counts[row]! / draws - weight)).toBeLessThan(5 * error);
  }
});

it('balances over classes, or over classes within groups', () => {
  const material = preparePeople({ size: 120, groups: 3 });
  const { table } = material.dataset;
  expect(balancedGroups(material, 'classes')).toHaveLength(2);
  const groups = balancedGroups(material, 'groups');
  expect(groups).toHaveLength(6);
  for (const own of groups) {
    for (const name of ['hired', 'group']) {
      expect(new Set([...own].map((example) => table.column(name)[example]))).toHaveProperty('size', 1);
    }
  }
  expect(groups.reduce((sum, own) => sum + own.length, 0)).toBe(material.split.sets.train.length);
});
