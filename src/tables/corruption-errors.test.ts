import { describe, expect, it } from 'vitest';
import { corruptedRows } from '../evaluation/corrupted-rows.js';
import type { RunRecord } from '../evaluation/record.js';
import { studyTables } from './study-tables.js';
import type { Table } from './table.js';

/** Errors of a model by seed: clean, then of each kind those of severities 1 and 5. */
type Errors = readonly [clean: number, noise: readonly [number, number], fog: readonly [number, number]];

function makeRecord(model: string, seed: number, [clean, noise, fog]: Errors): RunRecord {
  const row = (error: number, corruption: string, severity: number) =>
    corruptedRows(
      [{ set: 'test', metric: 'accuracy', group: {}, value: 1 - error, n: 100 }],
      corruption,
      severity,
    );
  return {
    schema: 1,
    run: `${model}${seed}`,
    labels: { dataset: 'digits', model, split: 'official', seed: String(seed), protocol: 'supervised' },
    rows: [
      { set: 'test', metric: 'accuracy', group: {}, value: 1 - clean, n: 100 },
      ...row(clean, 'none', 0),
      ...noise.flatMap((error, at) => row(error, 'gaussian_noise', [1, 5][at]!)),
      ...fog.flatMap((error, at) => row(error, 'fog', [1, 5][at]!)),
    ],
  };
}

const records = [
  makeRecord('cnn', 0, [0.1, [0.2, 0.4], [0.1, 0.5]]),
  makeRecord('cnn', 1, [0.1, [0.2, 0.4], [0.3, 0.7]]),
  makeRecord('mlp', 0, [0.2, [0.4, 0.8], [0.6, 0.8]]),
];

const meansOf = ({ rows }: Table) =>
  rows.map(({ section, header, cells }) => [
    section,
    ...header,
    ...cells.map((cell) => (cell.kind === 'estimate' ? Number(cell.mean.toFixed(12)) : cell.kind)),
  ]);

describe('errors on corrupted images', () => {
  it('are told by kind and by severity', () => {
    const table = studyTables(records, { names: ['corruption-errors'] })[0]!;
    expect(table.columns.map(({ label }) => label)).toEqual(['CNN', 'MLP']);
    const kinds = 'official: test, mean over severities 1, 5';
    expect(meansOf(table)).toEqual([
      [kinds, 'clean', 0.1, 0.2],
      [kinds, 'gaussian noise', 0.3, 0.6],
      [kinds, 'fog', 0.4, 0.7],
      [kinds, 'mean corruption error', 0.35, 0.65],
      ['official: test, mean over kinds', 'severity 1', 0.2, 0.5],
      ['official: test, mean over kinds', 'severity 5', 0.5, 0.8],
    ]);
  });

  it('stand in multiples of those of a baseline', () => {
    const [table] = studyTables(records, { names: ['corruption-errors'], corruptionBaseline: 'mlp' });
    const section = 'official: test, in multiples of MLP';
    expect(meansOf(table!).filter(([name]) => name === section)).toEqual([
      [section, 'gaussian noise', 0.5, 1],
      [section, 'fog', Number((0.4 / 0.7).toFixed(12)), 1],
      [section, 'mean corruption error', Number(((0.5 + 0.4 / 0.7) / 2).toFixed(12)), 1],
      [section, 'mean corruption error beyond clean', Number(((0.2 / 0.4 + 0.3 / 0.5) / 2).toFixed(12)), 1],
    ]);
    expect(() => studyTables(records, { names: ['corruption-errors'], corruptionBaseline: 'vit' })).toThrow(
      expect.objectContaining({ code: 'E_TABLE_BASELINE', hints: ['use one of: cnn, mlp'] }),
    );
  });

  it('are of squared errors where there are no classes, and no table of none', () => {
    const numeric = records.map((record) => ({
      ...record,
      rows: record.rows.map((row) => ({ ...row, metric: row.metric.replace('accuracy', 'mse') })),
    }));
    const [table] = studyTables(numeric, { names: ['corruption-errors'] });
    expect(table!.caption[0]).toContain('Mean squared error');
    expect(meansOf(table!)[0]!.slice(2)).toEqual([0.9, 0.8]);
    const clean = records.map((record) => ({ ...record, rows: record.rows.slice(0, 1) }));
    expect(studyTables(clean).map(({ name }) => name)).not.toContain('corruption-errors');
  });
});
