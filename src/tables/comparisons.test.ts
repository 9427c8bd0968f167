import { describe, expect, it } from 'vitest';
import type { Comparisons } from '../config/index.js';
import type { RunRecord } from '../evaluation/record.js';
import { studyTables } from './study-tables.js';
import type { Table } from './table.js';

const record = (model: string, seed: number, values: Readonly<Record<string, number>>): RunRecord => ({
  schema: 1,
  run: `${model}-${seed}`,
  labels: { dataset: 'sprites', split: 'ood', model, seed: String(seed), protocol: 'supervised' },
  rows: Object.entries(values).map(([set, value]) => ({ set, metric: 'accuracy', group: {}, value, n: 10 })),
});

const comparisons: Comparisons = {
  metric: 'accuracy',
  sets: ['mix', 'iid'],
  pairs: [
    { model: 'nac', baseline: 'perceiver-io' },
    { model: 'nac', baseline: 'vit' },
  ],
  primary: { model: 'nac', baseline: 'perceiver-io', set: 'mix', effect: 0.025, source: 'the abstract' },
  sound: { set: 'iid', at_least: 0.97 },
  verdict: true,
};

const seeds = [0, 1, 2, 3];
const study = [
  ...seeds.map((seed) => record('nac', seed, { mix: 0.7 + 0.01 * seed, iid: 0.98 })),
  ...seeds.map((seed) => record('perceiver-io', seed, { mix: 0.66 + 0.011 * seed, iid: 0.985 })),
  ...seeds.slice(0, 2).map((seed) => record('vit', seed, { mix: 0.5, iid: 0.975 })),
];

const tableOf = (records: readonly RunRecord[], changed: Partial<Comparisons> = {}): Table =>
  studyTables(records, {
    order: { models: ['nac', 'perceiver-io', 'vit'] },
    names: ['paired-differences'],
    comparisons: { ...comparisons, ...changed },
  })[0]!;
const verdictOf = (table: Table) => table.rows[0]!.cells.at(-1);
const text = (words: string) => ({ kind: 'text', text: words });

describe('paired differences', () => {
  it('come with the primary one first, over the seeds that both models have', () => {
    const { rows } = tableOf(study);
    expect(rows.map(({ section, header }) => `${section}: ${header.join(' - ')}`)).toEqual([
      'primary: mix: NAC - Perceiver IO',
      'mix: NAC - ViT',
      'iid: NAC - Perceiver IO',
      'iid: NAC - ViT',
    ]);
    const [model, baseline, difference, pairs, p] = rows[0]!.cells;
    expect(model).toMatchObject({ kind: 'estimate', mean: expect.closeTo(0.715, 9), n: 4 });
    expect(baseline).toMatchObject({ mean: expect.closeTo(0.6765, 9) });
    expect(difference).toMatchObject({ mean: expect.closeTo(0.0385, 9), n: 4 });
    expect([pairs, p]).toEqual([text('4'), text('0.125')]);
    expect(rows[1]!.cells[3]).toEqual(text('2'));
    expect(rows[1]!.cells[0]).toMatchObject({ mean: expect.closeTo(0.705, 9), n: 2 });
  });

  it('have a verdict on the primary one alone', () => {
    const table = tableOf(study);
    expect(verdictOf(table)).toEqual(text('reproduced'));
    expect(table.rows.slice(1).map(({ cells }) => cells.at(-1))).toEqual(Array(3).fill(text('')));
    const swapped = { ...comparisons.primary!, model: 'perceiver-io', baseline: 'nac' };
    expect(verdictOf(tableOf(study, { primary: swapped }))).toEqual(text('not reproduced'));
  });

  it('say nothing of models that did not learn, or of a size that is too small', () => {
    const weaken = (model: string) =>
      study.map((one) => (one.run === `${model}-0` ? record(model, 0, { mix: 0.5, iid: 0.9 }) : one));
    const tooSmall = text('too small for an OOD statement');
    expect(verdictOf(tableOf(weaken('perceiver-io')))).toEqual(tooSmall);
    // What a third model did not learn says nothing of these two.
    const table = tableOf(weaken('vit'));
    expect(table.rows.map(({ cells }) => cells.at(-1))).toEqual([
      text('reproduced'),
      tooSmall,
      text(''),
      tooSmall,
    ]);
    expect(verdictOf(tableOf(study, { verdict: false }))).toEqual(text('too small for an OOD statement'));
  });

  it('have no verdict while runs are left', () => {
    const [table] = studyTables(study, { names: ['paired-differences'], comparisons, complete: false });
    expect(verdictOf(table!)).toEqual(text('not all runs are done'));
  });

  it('have one primary comparison, where it names the dataset', () => {
    const primary = { ...comparisons.primary!, dataset: 'pacs' };
    const { rows, caption } = tableOf(study, { primary });
    // Elsewhere its models are a pair like any other.
    expect(rows.map(({ section }) => section)).toEqual(['mix', 'mix', 'iid', 'iid']);
    expect(rows[0]!.header).toEqual(['NAC', 'Perceiver IO']);
    expect(caption.join(' ')).toContain('on the primary comparison alone, which is on pacs, named');
  });

  it('are missing where no seed has both', () => {
    const { rows } = tableOf(
      study.filter(({ labels }) => labels.model !== 'perceiver-io'),
      { sound: undefined },
    );
    expect(rows[0]!.cells[2]).toEqual({ kind: 'missing' });
    expect(verdictOf({ ...tableOf(study), rows })).toEqual({ kind: 'missing' });
  });

  it('leave out sets that another dataset alone has', () => {
    const records = study.map((one) => ({ ...one, rows: one.rows.filter(({ set }) => set === 'iid') }));
    expect(tableOf(records, { primary: null }).rows.map(({ section }) => section)).toEqual(['iid', 'iid']);
  });

  it('leave out splits that another dataset has', () => {
    const other = study.map((one) => ({
      ...one,
      run: `${one.run}-pacs`,
      labels: { ...one.labels, dataset: 'pacs', split: 'photo' },
    }));
    const tables = studyTables([...study, ...other], { names: ['paired-differences'], comparisons });
    expect(tables.map(({ name, rows }) => [name, new Set(rows.map(({ section }) => section))])).toEqual([
      ['paired-differences-pacs', new Set(['primary: mix', 'mix', 'iid'])],
      ['paired-differences-sprites', new Set(['primary: mix', 'mix', 'iid'])],
    ]);
  });

  it('are not there in a study that compares nothing', () => {
    expect(studyTables(study).map(({ name }) => name)).not.toContain('paired-differences');
  });
});
