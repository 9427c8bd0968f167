import { describe, expect, it } from 'vitest';
import { normalQuantile } from '../../core/numbers/normal-quantile.js';
import { drawMultinomial } from '../../random/binomial.js';
import { stream } from '../../random/stream.js';
import { definitions } from './definitions/catalogue.js';
import { combineTerms, foldAround, katz, newcombe, wilson } from './intervals.js';
import { criticalValue } from './normal-quantile.js';
import { createRates, fillRates } from './rates.js';

describe('intervals', () => {
  it('take the quantiles of the normal distribution', () => {
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 14);
    expect(normalQuantile(0.005)).toBeCloseTo(-2.5758293035489004, 13);
    expect(normalQuantile(0.5)).toBe(0);
    expect(criticalValue(0.95, 2)).toBeCloseTo(2.241402727604945, 12);
    expect(normalQuantile(1 - 1e-6)).toBeCloseTo(4.753424308822899, 9);
    expect(() => normalQuantile(1)).toThrow(RangeError);
  });

  it('are those of the literature', () => {
    const z = criticalValue(0.95);
    // Newcombe 1998, table II of either paper: 81/263 by the score method; 56/70 − 48/80 by method 10.
    const single = wilson(81, 263, z)!;
    expect([single.low, single.high].map((end) => end.toFixed(4))).toEqual(['0.2553', '0.3662']);
    const difference = newcombe([56, 70], [48, 80], z)!;
    expect([difference.low, difference.high].map((end) => end.toFixed(4))).toEqual(['0.0524', '0.3339']);
    const zeros = newcombe([0, 10], [0, 10], z)!;
    expect([zeros.low, zeros.high].map((end) => end.toFixed(4))).toEqual(['-0.2775', '0.2775']);
    // Katz: log(0.8 / 0.6) ± z √(1/56 − 1/70 + 1/48 − 1/80)
    const ratio = katz([56, 70], [48, 80], z)!;
    expect((ratio.low + ratio.high) / 2).toBeCloseTo(Math.log(4 / 3), 12);
    expect((ratio.high - ratio.low) / 2).toBeCloseTo(z * Math.sqrt(1 / 280 + 1 / 120), 12);
  });

  it('have no end where a denominator is empty', () => {
    expect(wilson(0, 0, 2)).toBeUndefined();
    expect(newcombe([1, 2], [0, 0], 2)).toBeUndefined();
    expect(katz([0, 5], [2, 5], 2)).toBeUndefined();
    expect(katz([5, 5], [5, 5], 2)).toBeUndefined();
  });

  it('fold and combine', () => {
    expect(foldAround({ low: -0.2, high: 0.1 })).toEqual({ low: 0, high: 0.2 });
    expect(foldAround({ low: -0.3, high: -0.1 })).toEqual({ low: 0.1, high: 0.3 });
    expect(foldAround({ low: 0.5, high: 0.8 }, 1)).toEqual({ low: expect.closeTo(0.2), high: 0.5 });
    const term = { weight: -2, estimate: 1, low: 0.4, high: 1.3 };
    expect(combineTerms([term])).toEqual({ low: expect.closeTo(-2.6), high: expect.closeTo(-0.8) });
  });
});

describe('coverage of the analytic intervals at 95 %', () => {
  /** Cells in proportion: positive rates 0.4 and 0.55, true positive rates 0.7 and 0.8. */
  const shares = Float64Array.of(0.45, 0.15, 0.12, 0.28, 0.33, 0.17, 0.1, 0.4);
  const sizes = [150, 220];
  const truth = createRates(2);
  fillRates(
    truth,
    shares.map((share, cell) => share * sizes[cell >> 2]!),
  );
  const source = stream(11, 'coverage');
  const rounds = 3000;
  const cells = new Float64Array(8);
  const rates = createRates(2);
  const names = [
    'demographic_parity',
    'disparate_impact',
    'equal_opportunity',
    'average_odds',
    'predictive_parity',
    'treatment_equality_signed',
    'theil_index',
    'generalized_entropy',
    'demographic_parity_gap',
    'equalized_odds_max',
    'equalized_odds_sum',
    'demographic_parity_to_overall',
    'demographic_parity_ratio',
    'differential_fairness',
    'fairret_norm_pr',
    'fairbench_mean_tpr',
  ];
  const chosen = names.map((name) => definitions.find((definition) => definition.name === name)!);
  const held = new Map(names.map((name) => [name, 0]));
  for (let round = 0; round < rounds; round++) {
    for (const group of [0, 1]) drawMultinomial(source, sizes[group]!, shares, cells, 4 * group, 4);
    fillRates(rates, cells);
    for (const definition of chosen) {
      const value = definition.compute(truth);
      const { low, high } = definition.bounds(rates, 0.95)!;
      if (low <= value && value <= high) held.set(definition.name, held.get(definition.name)! + 1);
    }
  }

  it.each(names.slice(0, 8))('%s: about as promised', (name) => {
    const share = held.get(name)! / rounds;
    expect(share).toBeGreaterThan(0.93);
    expect(share).toBeLessThan(0.97);
  });

  // Several intervals at once, or a folded one: at least what is promised.
  it.each(names.slice(8))('%s: no less than promised', (name) => {
    expect(held.get(name)! / rounds).toBeGreaterThan(0.94);
  });
});
