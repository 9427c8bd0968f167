import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeColumns } from '../variables/columns.js';
import { makeGrid } from '../variables/grid.js';
import type { VariableTable } from '../variables/variable.js';
import { makeSplit } from './index.js';
import type { StratifiedConfig } from './rules/rule.js';

const usual = { train: 0.5, validation: 0.2, test: 0.3 };
const config = (more: Partial<StratifiedConfig> = {}): StratifiedConfig => ({
  rule: 'stratified',
  shares: usual,
  ...more,
});

/** A table whose two variables, y and a, are its strata. */
function tableOf(pairs: readonly (readonly [y: number, a: number])[]): VariableTable {
  const variables = ['y', 'a'].map((name) => ({ name, kind: 'categorical' as const, levels: [0, 1, 2] }));
  const columns = {
    y: Uint16Array.from(pairs, ([y]) => y),
    a: Uint16Array.from(pairs, ([, a]) => a),
  };
  return { ...makeColumns(pairs.length, variables, columns), strata: ['y', 'a'] };
}

const level = fc.integer({ min: 0, max: 2 });
const anyTable = fc.array(fc.tuple(level, level), { minLength: 20, maxLength: 200 }).map(tableOf);
const stratumOf = (table: VariableTable, example: number) =>
  `${table.column('y')[example]} ${table.column('a')[example]}`;

describe('a stratified split', () => {
  it('gives every example to one set, and every set its share of every stratum, to less than one example', () => {
    fc.assert(
      fc.property(anyTable, fc.nat(1000), (table, seed) => {
        const { sets } = makeSplit(table, config({ seed }));
        const all = Object.values(sets).flatMap((examples) => [...examples]);
        expect(all.toSorted((a, b) => a - b)).toEqual(Array.from({ length: table.size }, (_, at) => at));
        const sizes = new Map<string, number>();
        for (let at = 0; at < table.size; at++) {
          sizes.set(stratumOf(table, at), (sizes.get(stratumOf(table, at)) ?? 0) + 1);
        }
        for (const [name, share] of Object.entries(usual)) {
          const examples = sets[name]!;
          expect(examples).toEqual(examples.toSorted());
          for (const [stratum, size] of sizes) {
            const count = examples.filter((example) => stratumOf(table, example) === stratum).length;
            expect(Math.abs(count - share * size)).toBeLessThan(1);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('leaves what no share asks for in no set', () => {
    fc.assert(
      fc.property(anyTable, fc.double({ min: 0.1, max: 0.4, noNaN: true }), (table, share) => {
        const { sets } = makeSplit(table, config({ shares: { train: share, test: share }, by: [] }));
        expect(Object.keys(sets)).toEqual(['train', 'test']);
        for (const examples of Object.values(sets)) {
          expect(Math.abs(examples.length - share * table.size)).toBeLessThan(1);
        }
        expect(new Set(Object.values(sets).flatMap((each) => [...each])).size).toBe(
          sets.train.length + sets.test!.length,
        );
      }),
      { numRuns: 40 },
    );
  });

  it('has exact counts where shares allow them', () => {
    const table = tableOf(Array.from({ length: 100 }, (_, at) => [at % 2, 0] as const));
    const { sets, statement, held } = makeSplit(table, config());
    expect(Object.entries(sets).map(([name, { length }]) => [name, length])).toEqual([
      ['train', 50],
      ['validation', 20],
      ['test', 30],
    ]);
    expect(statement[0]).toBe(
      'train: 50 of 100 examples at random, a share of 0.5 in every stratum of y and a (seed 0)',
    );
    expect(held).toEqual({ y: [], a: [] });
  });

  it('is drawn by its seed, whatever the order in which sets are written', () => {
    const table = tableOf(Array.from({ length: 90 }, (_, at) => [at % 2, at % 3] as const));
    const hash = (more: Partial<StratifiedConfig>) => makeSplit(table, config(more)).hash;
    expect(hash({})).toBe(hash({ seed: 0 }));
    expect(hash({})).toBe(hash({ shares: { test: 0.3, train: 0.5, validation: 0.2 } }));
    expect(hash({})).toBe(hash({ by: ['y', 'a'] }));
    expect(new Set([hash({}), hash({ seed: 1 }), hash({ by: [] }), hash({ by: ['y'] })]).size).toBe(4);
  });

  it('draws from the whole where a table has no strata', () => {
    const grid = makeGrid([{ name: 'x', kind: 'ordered', levels: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] }]);
    expect(makeSplit(grid, config()).sets.train).toHaveLength(5);
  });

  it.each<readonly [string, Partial<StratifiedConfig>, string, RegExp]>([
    ['no train', { shares: { test: 0.5 } }, 'split.shares.train', /no share says what training sees/],
    ['more than all', { shares: { train: 0.8, test: 0.3 } }, 'split.shares', /1\.1 together/],
    ['no share', { shares: { train: 0.8, test: 0 } }, 'split.shares.test', /above 0/],
    ['an unknown variable', { by: ['z'] }, 'split.by', /no variable 'z'/],
    ['an empty set', { shares: { train: 0.9, test: 0.001 } }, 'split.shares.test', /no example for test/],
  ])('refuses %s', (_, more, place, message) => {
    const table = tableOf(Array.from({ length: 30 }, (_, at) => [at % 2, 0] as const));
    expect(() => makeSplit(table, config(more))).toThrow(message);
    expect(() => makeSplit(table, config(more))).toThrow(expect.objectContaining({ place }));
  });
});
