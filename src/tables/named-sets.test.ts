import { expect, it } from 'vitest';
import type { RunRecord } from '../evaluation/record.js';
import { renderText } from './renderers/text.js';
import { studyTables } from './study-tables.js';

const targets = ['shape', 'hue'];
const sets = ['train', 'validation', 'iid', 'outline'];

function makeRecord(model: string, seed: number, metric: string, value: number): RunRecord {
  const protocol = model === 'majority' ? 'reference' : 'supervised';
  return {
    schema: 1,
    run: `${model}-${seed}`,
    labels: { dataset: 'sprites', split: 'sprites-ood', model, seed: String(seed), protocol },
    rows: sets.flatMap((set, at) => {
      const row = (group: Record<string, string>, lower: number) => {
        return { set, metric, group, value: value - 0.1 * at - lower, n: 10 };
      };
      return [
        row({}, 0),
        ...targets.map((target) => row({ target }, 0)),
        ...(metric === 'accuracy' ? [row({ targets: 'all' }, 0.3)] : []),
      ];
    }),
  };
}

const records = (metric: string) => [
  ...[0, 1].map((seed) => makeRecord('cnn', seed, metric, 0.9 + 0.02 * seed)),
  makeRecord('mlp', 0, metric, 0.7),
  makeRecord('majority', 0, metric, 0.3),
];

it('a study of classes has its accuracies by set and by factor, and no R²', () => {
  const tables = studyTables(records('accuracy'));
  expect(tables.map(({ name }) => name)).toEqual(['accuracy-by-set', 'accuracy-by-factor']);
  const [bySet, byFactor] = tables;
  expect(bySet!.columns.map(({ label }) => label)).toEqual([...sets, 'n']);
  expect(bySet!.rows.map(({ header, section }) => [...header, section])).toEqual([
    ['CNN', 'sprites-ood'],
    ['MLP', 'sprites-ood'],
    ['majority class', 'sprites-ood'],
  ]);
  expect(bySet!.rows[0]!.cells[3]).toMatchObject({
    kind: 'estimate',
    mean: expect.closeTo(0.61, 12),
    best: true,
  });
  expect(bySet!.rows[2]!.cells[0]).toEqual({ kind: 'value', value: 0.3 });
  expect(byFactor!.columns.map(({ label }) => label)).toEqual(['shape', 'hue', 'mean', 'all right', 'n']);
  expect(byFactor!.rows[9]!.section).toBe('sprites-ood: outline');
  expect(byFactor!.rows[9]!.cells[3]).toMatchObject({ mean: expect.closeTo(0.31, 12) });
  expect(renderText(bySet!)).toMatch(/model +train +validation +iid +outline +n/);
});

it('numbers on named sets have their R² by set', () => {
  expect(studyTables(records('r2')).map(({ name }) => name)).toEqual(['r2-by-set']);
});
