import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeColumns } from '../variables/columns.js';
import type { VariableTable } from '../variables/variable.js';
import { listAbsentClasses } from './absent-classes.js';
import { makeSplit } from './index.js';
import type { DomainsConfig } from './rules/rule.js';

const sizes = [10, 20, 15];

/** 45 examples of three environments, one after the other; of `parts`, the last fifth of each is for testing. */
function tableOf({ parts = [] as readonly string[], counts = sizes } = {}): VariableTable {
  const domain = counts.flatMap((count, level) => Array<number>(count).fill(level));
  const part = counts.flatMap((count) =>
    Array.from({ length: count }, (_, at) => {
      if (at >= 0.8 * count) return parts.indexOf('test');
      return at >= 0.6 * count && parts.includes('validation') ? parts.indexOf('validation') : 0;
    }),
  );
  const variables = [
    { name: 'domain', kind: 'categorical' as const, levels: ['a', 'b', 'c'] },
    { name: 'class', kind: 'categorical' as const, levels: ['x', 'y'] },
    ...(parts.length > 0 ? [{ name: 'part', kind: 'categorical' as const, levels: parts }] : []),
  ];
  const columns = {
    domain: Uint16Array.from(domain),
    part: Uint16Array.from(part.map((at) => Math.max(0, at))),
  };
  const class_ = Uint16Array.from(domain, (_, at) => at % 2);
  const table = makeColumns(domain.length, variables, { ...columns, class: class_ });
  return { ...table, environment: 'domain', label: 'class' };
}

const table = tableOf();
const split = (more: Partial<DomainsConfig>, of = table) => makeSplit(of, { rule: 'domains', ...more });
const sorted = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b);

describe('a split by environments', () => {
  it('cuts each as DomainBed does', () => {
    const { sets, held } = split({ test: [1], trial: 0 });
    // RandomState(seed_hash(0, 0)).shuffle(range(10)) begins with 2, 3.
    expect([...sets.validation!].filter((at) => at < 10)).toEqual([2, 3]);
    expect([...sets.train].filter((at) => at < 10)).toEqual([0, 1, 4, 5, 6, 7, 8, 9]);
    expect(Object.keys(sets)).toEqual(['train', 'validation', 'test', 'test_out']);
    expect([sets.test!.length, sets.test_out!.length]).toEqual([16, 4]);
    expect([...sets.test!, ...sets.test_out!].every((at) => at >= 10 && at < 30)).toBe(true);
    expect(held).toEqual({ domain: [1], class: [] });
    const third = tableOf({ counts: [5, 5, 20] });
    // RandomState(seed_hash(1, 2)).shuffle(range(20)) begins with 8, 1, 16, 3.
    expect([...split({ test: ['c'], trial: 1 }, third).sets.test_out!]).toEqual([11, 13, 18, 26]);
  });

  it('gives every example to one set, whatever is held out', () => {
    const sides = fc.subarray([0, 1, 2], { minLength: 1, maxLength: 2 });
    const share = fc.double({ min: 0.2, max: 0.5, noNaN: true });
    fc.assert(
      fc.property(sides, share, fc.boolean(), fc.nat(99), (named, holdout, single, trial) => {
        const { sets } = split({
          ...(single ? { train: named } : { test: named }),
          holdout,
          trial,
          uda: single ? 0 : 0.2,
        });
        const all = Object.values(sets).flatMap((examples) => [...examples]);
        expect(new Set(all).size).toBe(all.length);
        if (!single) expect(sorted(all)).toEqual(Array.from({ length: 45 }, (_, at) => at));
        const domain = table.column('domain');
        expect([...sets.train].every((at) => named.includes(domain[at]!) === single)).toBe(true);
      }),
    );
  });

  it('keeps membership whatever is tested: an environment is cut alike in all runs of a trial', () => {
    const out = (test: number) => [...split({ test: [test] }).sets.validation!].filter((at) => at < 10);
    expect(out(1)).toEqual(out(2));
    expect([...split({ test: [0] }).sets.test_out!]).toEqual(out(1));
    expect([...split({ test: [0], trial: 1 }).sets.test_out!]).not.toEqual(out(1));
  });

  it('takes what adaptation sees from the test', () => {
    const plain = split({ test: [1] }).sets;
    const { sets } = split({ test: [1], uda: 0.25 });
    expect([sets.uda!.length, sets.test!.length]).toEqual([4, 12]);
    expect(sorted([...sets.uda!, ...sets.test!])).toEqual([...plain.test!]);
    expect(sets.train).toEqual(plain.train);
  });

  it('needs no share to choose by', () => {
    const { sets, statement } = split({ test: ['c'], holdout: 0 });
    expect(Object.keys(sets)).toEqual(['train', 'test']);
    expect([sets.train.length, sets.test!.length]).toEqual([30, 15]);
    expect(statement).toEqual([
      'train: every example of domain a and b (30)',
      'test: every example of domain c (15)',
    ]);
  });

  it('trains on one environment', () => {
    const { sets, held, statement } = split({ train: ['b'], holdout: 0.4 });
    expect(Object.keys(sets)).toEqual(['train', 'validation', 'iid', 'ood']);
    expect([sets.train, sets.validation!, sets.iid!, sets.ood!].map(({ length }) => length)).toEqual([
      12, 4, 4, 5,
    ]);
    expect(held.domain).toEqual([0, 2]);
    expect(statement[0]).toBe('train: every example of domain b but those of validation and iid (12)');
    // What is the test of one pair is the test of all.
    const other = split({ train: ['c'], holdout: 0.4 }).sets;
    expect([...other.ood!]).toEqual(expect.arrayContaining([...sets.iid!]));
  });

  it('keeps the parts of a dataset that has some', () => {
    const three = tableOf({ parts: ['train', 'validation', 'test'] });
    const one = split({ train: [0] }, three);
    expect(Object.values(one.sets).map((examples) => [...examples])).toEqual([
      [0, 1, 2, 3, 4, 5],
      [6, 7],
      [8, 9],
      [26, 27, 28, 29, 42, 43, 44],
    ]);
    expect(one.statement[3]).toBe('ood: every example of part test of domain b and c (7)');
    const several = split({ test: [0], uda: 0.5 }, three).sets;
    expect([...several.test!]).toEqual([8, 9]);
    expect([...several.test_out!]).toEqual([6, 7]);
    expect(several.uda!.length).toBe(3);
    expect([...several.uda!].every((at) => at < 6)).toBe(true);
    const two = split({ test: [0], holdout: 0.25 }, tableOf({ parts: ['train', 'test'] })).sets;
    expect([...two.test!]).toEqual([8, 9]);
    expect([two.test_out!.length, two.validation!.length]).toEqual([2, 4 + 3]);
    const random = split({ test: [0], parts: false }, three).sets;
    expect(random.test!.length).toBe(8);
  });

  it('keeps a few examples of each class of each environment, more of a draw containing the fewer', () => {
    const [two, three] = [2, 3].map((shots) => split({ test: [2], shots }).sets.train);
    expect([two!.length, three!.length]).toEqual([8, 12]);
    expect([...three!]).toEqual(expect.arrayContaining([...two!]));
    expect(split({ test: [2], shots: 2, trial: 1 }).sets.train).not.toEqual(two);
  });

  it('takes no more of an environment than it may, and all of its classes by that name', () => {
    const whole = split({ train: [1] }).sets.train;
    expect([...split({ train: [1], shots: 'all' }).sets.train]).toEqual([...whole]);
    const { sets, statement } = split({ train: [1], limit: 6 });
    expect(sets.train.length).toBe(6);
    expect([...whole]).toEqual(expect.arrayContaining([...sets.train]));
    expect(statement[0]).toContain('; of each at most the first 6 (6)');
    expect(split({ train: [1], limit: 6, shots: 1 }).sets.train.length).toBe(2);
  });

  it('says what it is, and is known by it', () => {
    const { statement, hash } = split({ test: [0, 2] });
    expect(statement).toEqual([
      'train: every example of domain b but those of validation (16)',
      'validation: a share of 0.2 of every example of domain b, the first of RandomState(seed_hash(0, index)).shuffle (4)',
      'test: every example of domain a and c but those of test_out (20)',
      'test_out: a share of 0.2 of every example of domain a and c, the first of RandomState(seed_hash(0, index)).shuffle, for oracles (5)',
    ]);
    expect(split({ test: ['c', 'a'] }).hash).toBe(hash);
    expect(split({ test: [0, 1] }).hash).not.toBe(hash);
  });

  it.each<readonly [Partial<DomainsConfig>, string, RegExp, RegExp]>([
    [{ test: ['d'] }, 'split.test', /no environment 'd'/, /levels of domain: 0 a, 1 b, 2 c/],
    [{ test: [3] }, 'split.test', /no environment 3: numbers are indices, 0 to 2/, /0 a/],
    [
      { test: [0, 1, 2] },
      'split.test',
      /all 3 environments are named: none is left for training/,
      /split\.test=0/,
    ],
    [{ train: ['a', 'b', 'c'] }, 'split.train', /none is left for the test/, /split\.train=0/],
    [{ test: [] }, 'split.test', /no environment is named/, /=0/],
    [{}, 'split.test', /name the environments to test on, or/, /split\.test=0/],
    [{ test: [0], train: [1] }, 'split.train', /not both/, /~split\.test/],
    [{ test: [0], holdout: 1 }, 'split.holdout', /below 1, not 1/, /=0\.2/],
    [{ test: [0], uda: -1 }, 'split.uda', /at least 0/, /=0\.2/],
    [{ test: [0], holdout: 0.01 }, 'split.holdout', /leaves no example for validation/, /=0\.2/],
  ])('refuses %j', (config, place, message, hint) => {
    const error = expect.objectContaining({
      place,
      message: expect.stringMatching(message),
      hints: expect.arrayContaining([expect.stringMatching(hint)]),
    });
    expect(() => split(config)).toThrow(error);
  });

  it('refuses to train on copies of what is tested', () => {
    const copied = { ...table, copies: ['b', 'c'] };
    const message = 'b and c show the same examples, and training would see those of the test';
    for (const sides of [{ test: ['b'] }, { test: ['a', 'c'] }, { train: ['c'] }])
      expect(() => split(sides, copied)).toThrow(message);
    expect(Object.keys(split({ test: ['b', 'c'] }, copied).sets)).toContain('test');
    expect(Object.keys(split({ train: ['a'] }, copied).sets)).toContain('ood');
  });

  it('refuses names that look like indices with the index, and tables without environments', () => {
    const angles = {
      ...table,
      variable: (name: string) => ({ ...table.variable(name), levels: [0, 15, 30] }),
    };
    expect(() => split({ test: [15] }, angles)).toThrow(
      expect.objectContaining({ hints: expect.arrayContaining(["split.test=1  is '15'"]) }),
    );
    expect(split({ test: ['15'] }, angles).held.domain).toEqual([1]);
    const { environment: _, ...none } = table;
    expect(() => split({ test: [0] }, none)).toThrow('no variable of the dataset has environments');
  });
});

it('classes that an environment lacks are named', () => {
  const odd = {
    ...table,
    column: (name: string) => (name === 'class' ? table.column('domain') : table.column(name)),
  };
  const three = { ...odd, variable: (name: string) => table.variable('domain' === name ? name : 'domain') };
  expect(listAbsentClasses(three)).toEqual([
    'no example of domain a has class b, c',
    'no example of domain b has class a, c',
    'no example of domain c has class a, b',
  ]);
  expect(listAbsentClasses(table)).toEqual([]);
});
