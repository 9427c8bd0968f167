import { describe, expect, it } from 'vitest';
import { formatError } from '../../core/errors.js';
import { requireOneStart } from '../../protocols/averaging/members.js';
import type { PlannedJob } from '../../sweeps/plan.js';
import { readAverageOptions } from './average-options.js';
import { groupRuns } from './group-runs.js';

function job(run: string, config: object, axes: Readonly<Record<string, string>> = {}): PlannedJob {
  const shared = { dataset: { name: 'people' }, split: {}, model: { name: 'mlp' }, seed: 0 };
  return {
    ...{ index: 0, run, label: run, axes, labels: {}, protocol: 'supervised', composed: {} },
    ...{ overrides: [], provenance: {}, config: { ...shared, ...config } },
  } as unknown as PlannedJob;
}

describe('runs that are averaged together', () => {
  const erm = (rate: number) => ({ objective: { name: 'cross_entropy' }, training: { rate } });

  it('have their objective in common, and rates of their own', () => {
    const groups = groupRuns('study', [
      job('a', erm(1), { objective: 'erm', rate: '1' }),
      job('b', { ...erm(1), objective: { name: 'irm' } }, { objective: 'irm', rate: '1' }),
      job('c', erm(2), { objective: 'erm', rate: '2' }),
    ]);
    expect(groups.map(({ label, jobs }) => [label, jobs.map(({ run }) => run)])).toEqual([
      ['objective=erm', ['a', 'c']],
    ]);
  });

  it('are two at least', () => {
    const two = [job('a', erm(1)), job('b', { ...erm(1), model: { name: 'cnn' } })];
    expect(() => groupRuns('study', two)).toThrow(/nothing to average/);
  });

  it('began with the same weights, where weights are averaged', () => {
    const begun = [job('a', erm(1)), job('b', erm(2))].map(({ run, config }) => ({ id: run, config }));
    requireOneStart(begun);
    const other = { id: 'c', config: job('c', { ...erm(1), seed: 4 }).config };
    expect(() => requireOneStart([...begun, other])).toThrow(
      /a and c began with different weights \(seed 0.*seed 4/,
    );
  });
});

it('reads how they are averaged, and says what there is', () => {
  expect(readAverageOptions(['study', 'method=eoa'])).toEqual({ method: 'eoa', rest: ['study'] });
  try {
    readAverageOptions(['method=diva']);
  } catch (error) {
    expect(formatError(error)).toContain('type method=diwa');
    return;
  }
  throw new Error('it was taken');
});
