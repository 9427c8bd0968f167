import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TransferRecord } from '../records.js';
import { rank } from '../statistics/correlation.js';
import { record } from '../testing/planted.js';
import { largestDifference, readReference } from '../testing/reference.js';
import { analyseVariance } from './anova.js';
import { compareLevels } from './factor-effects.js';
import { testDifferences } from './paired-tests.js';

describe('tests of paired differences', () => {
  it('are the textbook’s', () => {
    expect(testDifferences([1, 2, 3, 4, 5])).toEqual({
      ...{ nonzero: 5, positive: 5, sign: expect.closeTo(0.0625, 12), wilcoxon: expect.closeTo(0.0625, 12) },
    });
    expect(testDifferences([0, 0])).toEqual({ nonzero: 0, positive: 0, sign: 1, wilcoxon: 1 });
    // Ranks 1 to 6, of which 2 is below 0: P(W ≤ 2) = 3 / 64.
    expect(testDifferences([1, -2, 3, 4, 5, 6]).wilcoxon).toBeCloseTo(6 / 64, 12);
  });

  it('count all assignments of signs, ties included', () => {
    const values = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(values, (differences) => {
        const nonzero = differences.filter((value) => value !== 0);
        const ranks = rank(nonzero.map(Math.abs));
        const total = ranks.reduce((sum, value) => sum + value, 0);
        const found = nonzero.reduce((sum, value, at) => sum + (value > 0 ? ranks[at]! : 0), 0);
        let extreme = 0;
        for (let signs = 0; signs < 2 ** nonzero.length; signs++) {
          const sum = ranks.reduce((all, value, at) => all + ((signs >> at) & 1 ? value : 0), 0);
          if (sum <= Math.min(found, total - found)) extreme += 1;
        }
        const wanted = nonzero.length === 0 ? 1 : Math.min(1, (2 * extreme) / 2 ** nonzero.length);
        expect(testDifferences(differences).wilcoxon).toBeCloseTo(wanted, 10);
      }),
    );
  });

  it('agree with each other where the exact one ends', () => {
    const make = (n: number) =>
      Array.from({ length: n }, (_, at) => (at % 5 < 2 ? -1 : 1) * (1 + ((at * 37) % 101)));
    const [exact, normal] = [testDifferences(make(200)).wilcoxon, testDifferences(make(201)).wilcoxon];
    expect(Math.abs(Math.log(exact / normal))).toBeLessThan(0.5);
  });
});

/** Every combination of three factors on four ID sets; `tuned` adds 5 points with 100 shots and takes 2 with 10. */
const records: TransferRecord[] = ['a', 'b', 'c', 'd'].flatMap((id, set) =>
  ['10', '100'].flatMap((shot) =>
    ['head', 'full'].flatMap((tuned) =>
      ['0', '1', '2'].map((seed) => {
        const gain = tuned === 'full' ? (shot === '100' ? 0.05 : -0.02) : 0;
        const base = 0.5 + 0.03 * set + (shot === '100' ? 0.2 : 0) + Number(seed) / 100;
        return record(`${shot}-${tuned}-${seed}`, base + gain, base - 0.2 + gain, {
          id,
          ood: `${id}'`,
          factors: { shot, tuned, seed },
        });
      }),
    ),
  ),
);

describe('effects of factors', () => {
  const found = compareLevels(records, { by: 'shot', draws: 200 });
  const of = (factor: string, within: string, outcome = 'OOD accuracy') =>
    found.find((one) => one.factor === factor && one.within === within && one.outcome === outcome);

  it('are those of matched networks, also by shot', () => {
    expect(of('tuned', '')).toMatchObject({ level: 'full', baseline: 'head', pairs: 24 });
    expect(of('tuned', '')!.difference).toBeCloseTo(0.015, 12);
    expect(of('tuned', 'shot=100')!.difference).toBeCloseTo(0.05, 12);
    expect(of('tuned', 'shot=10')!.difference).toBeCloseTo(-0.02, 12);
    expect(of('shot', '')!.difference).toBeCloseTo(0.235, 12);
    expect(of('shot', 'shot=10')).toBeUndefined();
  });

  it('do not compare seeds, and say what their interval is over', () => {
    expect(found.some(({ factor }) => factor === 'seed')).toBe(false);
    expect(of('tuned', '')!.over).toBe('4 ID sets (bootstrap)');
    expect(of('tuned', 'shot=100')!.interval!.low).toBeCloseTo(0.05, 12);
    const two = compareLevels(records.filter(({ id }) => id < 'c'));
    expect(two[0]!.over).toBe('matched pairs (t)');
  });

  it('correct p for the number of rows', () => {
    for (const { tests, adjusted } of found) expect(adjusted).toBeGreaterThanOrEqual(tests.wilcoxon);
    expect(of('tuned', 'shot=100')!.tests).toMatchObject({ positive: 12, nonzero: 12 });
  });
});

describe('analysis of variance', () => {
  it('has the type II sums of squares of refits', () => {
    const { a, b, y, ss, residual, f, p } = readReference().anova;
    const own = y.map((value, at) =>
      record(`n${at}`, value, value, { factors: { a: `${a[at]}`, b: `${b[at]}`, name: `n${at}` } }),
    );
    const anova = analyseVariance(own).find(({ outcome }) => outcome === 'ID accuracy')!;
    expect(anova.lines.map(({ factor, degrees }) => [factor, degrees])).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
    expect(
      largestDifference(
        anova.lines.map(({ sumOfSquares }) => sumOfSquares),
        ss,
      ),
    ).toBeLessThan(1e-9);
    expect(
      largestDifference(
        anova.lines.map((line) => line.f),
        f,
      ),
    ).toBeLessThan(1e-8);
    expect(
      largestDifference(
        anova.lines.map((line) => line.p),
        p,
      ),
    ).toBeLessThan(1e-10);
    expect(anova.residual).toEqual({ degrees: 56, sumOfSquares: expect.closeTo(residual, 9) });
  });

  it('leaves out a factor that follows from others', () => {
    const doubled = records.map((one) => ({ ...one, factors: { ...one.factors, again: one.factors.shot! } }));
    const names = analyseVariance(doubled)[0]!.lines.map(({ factor }) => factor);
    expect(names).toContain('tuned');
    expect(names).toContain('ID set');
    expect(names).not.toContain('again');
    expect(names).not.toContain('shot');
  });
});
