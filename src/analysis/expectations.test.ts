import { expect, it } from 'vitest';
import { makeRecords } from '../evaluation/testing/synthetic-records.js';
import { checkExpectations, expectationsSchema } from './expectations.js';

const records = ['coarse', 'fine'].flatMap((dataset) =>
  makeRecords({ models: ['cnn'], splits: ['random', 'extrapolation'], seeds: 2, dataset }),
);
const check = (value: Readonly<Record<string, string>>, bounds: object = { at_least: 0.9 }) =>
  checkExpectations(
    records,
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
    found: expect.stringContaining('n = 2'),
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
