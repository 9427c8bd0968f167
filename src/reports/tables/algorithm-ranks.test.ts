import { expect, it } from 'vitest';
import { HeldoutError } from '../../core/errors.js';
import type { DomainRecord } from '../../selection/index.js';
import type { DomainStudy } from '../../tables/domainbed/selected.js';
import type { StudyRecords } from '../records/study-records.js';
import { buildStudyTables } from './study-tables.js';

/** The second algorithm is better in every environment but the first. */
function studyOf(environments: number): DomainStudy {
  const records = ['ERM', 'IRM'].flatMap((algorithm, place) =>
    Array.from({ length: environments }, (_, held): DomainRecord => {
      const accuracies = Array.from({ length: environments }, (__, at) => [
        [`env${at}_in_acc`, at === held ? 0.5 + (held === 0 ? -0.1 : 0.1) * place : 1],
        [`env${at}_out_acc`, 1],
      ]).flat();
      const args = { dataset: 'Own', algorithm, test_envs: [held], hparams_seed: 0, trial_seed: 0 };
      return { args, hparams: {}, step: 1, ...Object.fromEntries(accuracies) };
    }),
  );
  const names = Array.from({ length: environments }, (_, at) => `place ${at}`);
  return { dataset: 'own', environments: names, records };
}

function recordsOf(study: DomainStudy): StudyRecords {
  return {
    records: [
      {
        schema: 1,
        run: 'one',
        labels: { dataset: 'own', model: 'mlp', split: 'domains', seed: '7' },
        rows: [],
      },
    ],
    jobs: [],
    order: { datasets: ['own'], models: [], references: [], splits: [] },
    comparisons: undefined,
    complete: true,
    withCosts: () => [],
    groups: () => Promise.resolve([]),
    domains: () => [study],
    fairness: () => Promise.resolve([]),
    transfer: () => Promise.resolve(undefined),
  };
}

it('tabulates ranks over environments with the tests of them', async () => {
  const [table] = await buildStudyTables(recordsOf(studyOf(6)), { names: ['algorithm-ranks'], whole: false });
  expect(table!.columns.map(({ label }) => label)).toEqual([
    'training-domain',
    'worst environment',
    'last checkpoint',
    'oracle (sees test)',
  ]);
  const first = table!.rows.map(({ section, header, cells }) => [section, header[0], cells[0]]);
  const value = (number: number) => ({ kind: 'value', value: expect.closeTo(number, 6) });
  // 1 of 6 against 5 of 6: chi-squared = (5 - 1)^2 / 6, F = 5 (8 / 3) / (6 - 8 / 3).
  expect(first.slice(0, 8)).toEqual([
    ['mean rank', 'ERM', value(11 / 6)],
    ['mean rank', 'IRM', value(7 / 6)],
    ['Friedman', 'chi-squared', value(8 / 3)],
    ['Friedman', 'p of chi-squared', value(0.10247)],
    ['Friedman', 'F (Iman and Davenport)', value(4)],
    ['Friedman', 'p of F', value(0.101939)],
    ['critical difference of mean ranks', 'level .05', value(1.959964 / Math.sqrt(6))],
    ['critical difference of mean ranks', 'level .10', value(1.644854 / Math.sqrt(6))],
  ]);
  // Five times .1 better, once .1 worse; draws of six have the one that is worse at most three times in 97.5 %.
  expect(first.slice(8, 10)).toEqual([
    ['mean difference of accuracy', 'ERM less IRM', value(-0.4 / 6)],
    [
      '95 % interval of the mean difference',
      'ERM less IRM',
      { kind: 'interval', low: expect.closeTo(-0.1, 6), high: expect.closeTo(0, 6) },
    ],
  ]);
  expect(first.at(-1)).toEqual(['sign test, p', 'ERM and IRM', value(14 / 64)]);
});

it('refuses ranks over fewer than five environments by name, and leaves them out otherwise', async () => {
  const few = recordsOf(studyOf(4));
  const asked = buildStudyTables(few, { names: ['algorithm-ranks'], whole: false });
  await expect(asked).rejects.toThrow(HeldoutError);
  await expect(asked).rejects.toThrow('at least 5 environments');
  const names = ['selected-runs', 'selection-sensitivity', 'algorithm-ranks'] as const;
  const tables = await buildStudyTables(few, { names, whole: true });
  expect(tables.map(({ name }) => name)).toEqual(['selected-runs', 'selection-sensitivity']);
  // A trial has many runs, of which it selects one.
  for (const { caption } of tables) {
    expect(caption.join(' ')).toContain('over n trials');
    expect(caption.join(' ')).not.toContain('over n runs');
  }
});
