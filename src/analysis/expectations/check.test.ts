import { expect, it } from 'vitest';
import { makeRecords } from '../../evaluation/testing/synthetic-records.js';
import { summarize } from '../summary.js';
import { checkExpectations } from './check.js';
import { expectationsSchema, listTables } from './schema.js';

const records = ['coarse', 'fine'].flatMap((dataset) =>
  makeRecords({ models: ['cnn'], splits: ['random', 'extrapolation'], seeds: 5, dataset }),
);
const check = (value: Readonly<Record<string, string>>, bounds: object = { at_least: 0.9 }) =>
  checkExpectations(
    { records },
    expectationsSchema.parse({
      study: 'toy',
      expectations: [
        { claim: 'c', source: 's', value: { model: 'cnn', split: 'random', ...value }, ...bounds },
      ],
    }),
  )[0]!;

it('does not mix datasets: a claim says which, where there are several', () => {
  expect(check({})).toMatchObject({
    verdict: 'unknown',
    found: 'there are several test r2 of cnn on random: say which dataset, coarse or fine',
  });
  expect(check({ dataset: 'fine' })).toMatchObject({
    verdict: 'holds',
    found: expect.stringContaining('n = 5'),
  });
  expect(check({ dataset: 'fine' }, { at_most: 0.5 }).verdict).toBe('fails');
  expect(check({ dataset: 'none' })).toMatchObject({
    verdict: 'unknown',
    found: 'there is no test r2 of cnn on random of none',
  });
});

it('compares with another number, and asks for intervals that do not touch', () => {
  const minus = { model: 'cnn', split: 'extrapolation', dataset: 'fine' };
  expect(check({ dataset: 'fine' }, { minus, at_least: 0.3, intervals_apart: false }).verdict).toBe('holds');
  expect(check(minus, { not_above: { ...minus, split: 'random' } }).verdict).toBe('holds');
});

it('compares with a multiple of another number', () => {
  const over = { model: 'cnn', split: 'extrapolation', dataset: 'fine' };
  expect(check({ dataset: 'fine' }, { over, at_least: 1 }).verdict).toBe('holds');
  expect(check({ dataset: 'fine' }, { over, at_least: 100 })).toMatchObject({
    verdict: 'fails',
    found: expect.stringContaining('over ('),
  });
});

it('holds a claim of a paper to what it came to here', () => {
  const minus = { model: 'cnn', split: 'extrapolation', dataset: 'fine' };
  const claim = (value: object, rule: object) =>
    check(value as Record<string, string>, { ...rule, scale: 'a toy' });
  const wide = { minus, effect: 0.1 };
  const found = claim({ dataset: 'fine' }, { ...wide, outcome: 'reproduced' });
  expect(found).toMatchObject({ verdict: 'holds', scale: 'a toy' });
  expect(found.found).toMatch(/^reproduced: 0\.\d{3} \(.* ± .*, n = 5\), pairs of seeds; the paper has 0.1$/);
  expect(claim({ dataset: 'fine' }, { ...wide, outcome: 'undecided' }).verdict).toBe('fails');
  const other = { split: 'extrapolation', dataset: 'fine' };
  const back = { minus: { ...minus, split: 'random' }, effect: 0.1, outcome: 'not reproduced' };
  expect(claim(other, back)).toMatchObject({ verdict: 'holds' });
  expect(claim({ dataset: 'fine' }, { at_least: 8, outcome: 'not reproduced' })).toMatchObject({
    verdict: 'holds',
    found: expect.stringMatching(/^not reproduced: /),
  });
});

it('reads cells of tables, and says which number is not there', () => {
  const cell = { table: 'accuracy-within-gap', row: ['two heads'], column: '|DDP| ≤ 0.01: accuracy' };
  const expected = (bounds: object) =>
    expectationsSchema.parse({
      study: 'toy',
      expectations: [{ claim: 'c', source: 's', value: cell, ...bounds }],
    });
  const holds = expected({ minus: { ...cell, row: ['one threshold'] }, at_least: 0.05 });
  expect(listTables(holds)).toEqual(['accuracy-within-gap']);
  const readCell = ({ row }: { readonly row: readonly string[] }) =>
    ({ 'two heads': summarize([0.82, 0.84]), 'one threshold': summarize([0.76, 0.76]) })[row[0]!];
  expect(checkExpectations({ records, readCell }, holds)[0]).toMatchObject({ verdict: 'holds' });
  expect(checkExpectations({ records, readCell }, expected({ near: 0.9, tolerance: 0.01 }))[0]!.verdict).toBe(
    'fails',
  );
  expect(checkExpectations({ records }, expected({ at_least: 0 }))[0]).toMatchObject({
    verdict: 'unknown',
    found: 'there is no number in "|DDP| ≤ 0.01: accuracy" of row "two heads" of table accuracy-within-gap',
  });
  expect(() => expected({ minus: cell, effect: 0.1 })).toThrow('pairs of seeds');
});
