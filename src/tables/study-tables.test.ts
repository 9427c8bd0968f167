import { describe, expect, it } from 'vitest';
import { makeRecords } from '../evaluation/testing/synthetic-records.js';
import { renderers } from './index.js';
import { studyTables } from './study-tables.js';
import type { Table } from './table.js';

const splits = ['random', 'composition', 'interpolation', 'extrapolation'];
const study = makeRecords({ models: ['cnn', 'mlp'], splits, seeds: 3 });

const find = (tables: readonly Table[], name: string) => tables.find((table) => table.name === name)!;
const cellOf = (table: Table, header: string, column: number, section = table.rows[0]!.section) =>
  table.rows.find((row) => row.header[0] === header && row.section === section)!.cells[column]!;

describe('the tables of a study', () => {
  it('are three, the same ones whatever the order of the records', () => {
    const tables = studyTables(study);
    expect(tables.map(({ name }) => name)).toEqual(['r2-by-split', 'r2-by-factor', 'r2-by-sub-split']);
    const reversed = studyTables([...study].reverse());
    expect(reversed).toEqual(tables);
  });

  it('show train and test R² per split with references', () => {
    expect(renderers.txt(studyTables(study)[0]!, { width: 160 })).toMatchInlineSnapshot(`
      "R² by model and split on dsprites

      ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
                                         random                       composition                    interpolation                    extrapolation
                             ──────────────────────────────  ──────────────────────────────  ──────────────────────────────  ───────────────────────────────
      model                           train            test           train            test           train            test           train             test  n
      ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
      CNN                    0.980 ± 0.005*  0.980 ± 0.005*  0.980 ± 0.005*  0.960 ± 0.012*  0.980 ± 0.005*  0.900 ± 0.032*  0.980 ± 0.005*   0.341 ± 0.223*  3
      MLP                    0.966 ± 0.002   0.966 ± 0.002   0.966 ± 0.002   0.930 ± 0.008   0.966 ± 0.002   0.826 ± 0.027   0.966 ± 0.002   −0.146 ± 0.198   3
      train mean                     0.000           0.000           0.000          −1.640           0.000          −1.640           0.000           −1.640
      nearest seen (oracle)          1.000           1.000           1.000           0.800           1.000           0.800           1.000            0.800
      ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

      R² against the variance over the full grid, mean over shape, scale, orientation, x and y, on combinations seen in training (train) and on those held out (test).
      Mean ± half-width of the 95 % Student t interval (n − 1 degrees of freedom) over n runs, seeds 0, 1, 2; a single run has no interval. Marked: the best trained
      model of a column, ties in print included. References are computed, not trained, and have no interval: train mean answers every example with the mean of each
      factor over the training split; nearest seen is an oracle that reads the true value and answers with the nearest one seen in training, the best that is possible
      without extrapolation.
      "
    `);
  });

  it('show sub-splits with what the random split keeps', () => {
    const table = find(studyTables(study), 'r2-by-sub-split');
    expect(table.columns.map(({ group, label }) => `${group} ${label}`)).toEqual([
      'random in',
      'random out',
      'interpolation in',
      'interpolation out',
      'extrapolation in',
      'extrapolation out',
      'undefined n',
    ]);
    const sections = [...new Set(table.rows.map((row) => row.section))];
    expect(sections).toEqual([
      'scale held out',
      'orientation held out',
      'x held out',
      'y held out',
      'mean over the factors held out',
    ]);
    const cnn = study.find((record) => record.run === 'dsprites-cnn-random-0')!;
    const single = find(studyTables(study.filter((r) => r.labels.seed === '0')), 'r2-by-sub-split');
    const random = (target: string) =>
      cnn.rows.find((row) => row.set === 'test' && row.metric === 'r2' && row.group.target === target)!.value;
    expect(cellOf(single, 'CNN', 1)).toMatchObject({ mean: random('scale') });
    const others = (random('shape') + random('orientation') + random('x') + random('y')) / 4;
    expect(cellOf(single, 'CNN', 0)).toMatchObject({ mean: expect.closeTo(others, 12) });
  });

  it('leave out the third where no factor is held out on its own', () => {
    const tables = studyTables(makeRecords({ models: ['cnn'], splits: ['random', 'composition'], seeds: 2 }));
    expect(tables.map(({ name }) => name)).toEqual(['r2-by-split', 'r2-by-factor']);
  });

  it('show one run without an interval, and references without one at all', () => {
    const [table] = studyTables(study.filter((record) => record.labels.seed === '0'));
    expect(cellOf(table!, 'CNN', 1)).toMatchObject({ kind: 'estimate', halfWidth: undefined, n: 1 });
    expect(cellOf(table!, 'nearest seen (oracle)', 1).kind).toBe('value');
    expect(renderers.txt(table!)).toContain('± n/a');
    expect(renderers.txt(table!)).not.toContain('± 0.000');
  });

  it('show what the order names and no run has', () => {
    const order = { models: ['cnn', 'mlp', 'vit'], splits: [...splits, 'shuffled'] };
    const [table] = studyTables(
      study.filter((record) => record.run !== 'dsprites-mlp-random-2'),
      { order },
    );
    expect(cellOf(table!, 'ViT', 0)).toEqual({ kind: 'missing' });
    expect(cellOf(table!, 'CNN', 8)).toEqual({ kind: 'missing' });
    expect(cellOf(table!, 'MLP', 10)).toEqual({ kind: 'text', text: '2, 3, 3, 3, 0' });
    expect(table!.caption.at(-1)).toContain('(18 cells)');
  });

  it('refuse two runs that differ in nothing the tables know', () => {
    const twin = { ...study[0]!, run: 'twin' };
    expect(() => studyTables([...study, twin])).toThrow(
      'runs dsprites-cnn-random-0 and twin are both model cnn, split random, seed 0',
    );
  });

  it('come once per dataset, and say when backends differ', () => {
    const other = makeRecords({ models: ['cnn'], splits, seeds: 2, dataset: 'mpi3d' });
    const mixed = [...study, ...other].map((record, index) => ({
      ...record,
      labels: { ...record.labels, backend: index === 0 ? 'wasm' : 'tensorflow' },
    }));
    const tables = studyTables(mixed);
    expect(tables.map(({ name }) => name)).toContain('r2-by-factor-mpi3d');
    expect(tables).toHaveLength(6);
    expect(tables[0]!.caption.at(-1)).toBe(
      'Runs of different backends stand side by side: tensorflow, wasm.',
    );
  });
});
