import { describe, expect, it } from 'vitest';
import { analysePeople, type GroupMeasure } from './analyse.js';
import { definitions } from './definitions/catalogue.js';
import { scoreDefinitions } from './scores/catalogue.js';
import { makePeople, type Person, sexes, twelve } from './testing/people.js';

const few = { draws: 50, scoreDraws: 20 };
const measure = (people: readonly Person[], groups = sexes) => analysePeople(makePeople(groups, people), few);
const valuesOf = (measures: readonly GroupMeasure[]) =>
  Object.fromEntries(measures.map(({ definition, value }) => [definition.name, value]));

/** What FairBench makes of the values of two groups of 5 and 7 people, `all` of everyone; both above 0. */
function composed(short: string, a: number, b: number, all: number) {
  const [low, high, mean] = [Math.min(a, b), Math.max(a, b), (a + b) / 2];
  const far = (value: number) => 1 - Math.min(value, all) / Math.max(value, all);
  const found: Record<string, number> = {
    min: low,
    max: high,
    mean,
    gm: Math.sqrt(a * b),
    maxerror: 1 - low,
    maxdiff: high - low,
    maxrel: 1 - low / high,
    gini: (high - low) / (4 * mean),
    std: (high - low) / 2,
    stdx2: high - low,
    wmean: (5 * a + 7 * b) / 12,
    vsall_maxdiff: Math.max(Math.abs(a - all), Math.abs(b - all)),
    vsall_maxrel: Math.max(far(a), far(b)),
  };
  if (short === 'mcc') for (const name of ['gm', 'gini', 'maxrel', 'vsall_maxrel']) delete found[name];
  if (short === 'pr') delete found.maxerror;
  return Object.fromEntries(
    Object.entries(found).map(([name, value]) => [`fairbench_${name}_${short}`, value]),
  );
}

/** fairret's two penalties of violations. */
function penalties(short: string, ...violations: readonly number[]) {
  const mean = violations.reduce((sum, value) => sum + Math.exp(value), 0) / violations.length;
  return {
    [`fairret_norm_${short}`]: violations.reduce((sum, value) => sum + value, 0),
    [`fairret_lse_${short}`]: Math.log(mean),
  };
}

/** Largest minus smallest, and smallest over largest, of a rate of women and of men; AIF360's signs where it has it. */
function compared(rate: string, women: number, men: number, inAif360: boolean) {
  return {
    [`${rate}_gap`]: Math.abs(women - men),
    [`${rate}_min_ratio`]: Math.min(women, men) / Math.max(women, men),
    ...(inAif360 && { [`${rate}_difference`]: women - men, [`${rate}_ratio`]: women / men }),
  };
}

/**
 * By hand. Positive rates 2/5, 5/7, of all 7/12; true positive rates 1/2, 3/4, of all 4/6; false positive rates 1/3,
 * 2/3, of all 3/6; positive predictive values 1/2, 3/5, of all 4/7; accuracies 3/5, 4/7, of all 7/12; false omission rates
 * 1/3, 1/2, of all 2/5; base rates 2/5, 4/7.
 */
const expected: Readonly<Record<string, number>> = {
  demographic_parity: 11 / 35,
  demographic_parity_gap: 11 / 35,
  demographic_parity_pairwise: 11 / 35,
  demographic_parity_percent: 1100 / 35,
  statistical_parity_difference: -11 / 35,
  demographic_parity_to_overall: 11 / 60,
  demographic_parity_ratio: 14 / 25,
  demographic_parity_ratio_to_overall: 24 / 35,
  disparate_impact: 14 / 25,
  disparate_impact_pairwise: 14 / 25,
  disparate_impact_min: 14 / 25,
  p_rule: 56,
  label_parity: 6 / 35,
  equal_opportunity: 1 / 4,
  equal_opportunity_gap: 1 / 4,
  equal_opportunity_pairwise: 1 / 4,
  equal_opportunity_percent: 25,
  equal_opportunity_difference: -1 / 4,
  equal_opportunity_to_overall: 1 / 6,
  equal_opportunity_ratio: 2 / 3,
  equal_opportunity_ratio_to_overall: 3 / 4,
  equalized_odds_max: 1 / 3,
  equalized_odds_mean: 7 / 24,
  equalized_odds_sum: 7 / 12,
  equalized_odds_percent: 700 / 12,
  equalized_odds_l1: 7 / 12,
  equalized_odds_l2: 5 / 12,
  equalized_odds_pairwise: 7 / 24,
  equalized_odds_pairwise_max: 1 / 3,
  equalized_odds_to_overall: 1 / 6,
  average_odds: 7 / 24,
  average_odds_difference: -7 / 24,
  equalized_odds_ratio: 1 / 2,
  equalized_odds_ratio_mean: 7 / 12,
  predictive_parity: 1 / 10,
  predictive_parity_gap: 1 / 10,
  predictive_parity_pairwise: 1 / 10,
  predictive_parity_percent: 10,
  accuracy_parity: -1 / 35,
  accuracy_parity_gap: 1 / 35,
  accuracy_parity_pairwise: 1 / 35,
  accuracy_parity_percent: 100 / 35,
  error_rate_difference: -1 / 35,
  error_rate_ratio: 14 / 15,
  ...compared('false_positive_rate', 1 / 3, 2 / 3, true),
  ...compared('false_negative_rate', 1 / 2, 1 / 4, true),
  ...compared('true_negative_rate', 2 / 3, 1 / 3, false),
  ...compared('false_discovery_rate', 1 / 2, 2 / 5, true),
  ...compared('false_omission_rate', 1 / 3, 1 / 2, true),
  ...compared('negative_predictive_value', 2 / 3, 1 / 2, false),
  average_predictive_value_difference: -2 / 15,
  conditional_use_accuracy: 2 / 15,
  // One false positive per false negative among women, two among men.
  treatment_equality: 1,
  treatment_equality_signed: 1,
  // Benefits: 0 twice, 1 seven times, 2 three times, with mean 13/12; means of the groups 1 and 8/7.
  generalized_entropy: 59 / 338,
  theil_index: (7 * Math.log(12 / 13) + 6 * Math.log(24 / 13)) / 13,
  coefficient_of_variation: 2 * Math.sqrt(59 / 338),
  between_group_generalized_entropy: 5 / 2366,
  between_group_theil_index: (5 * Math.log(12 / 13) + 8 * Math.log(96 / 91)) / 13,
  between_group_coefficient_of_variation: 2 * Math.sqrt(5 / 2366),
  // Smoothed: decided positive 5/12 and 11/16, of the positive class 5/12 and 9/16.
  differential_fairness: Math.log(28 / 15),
  differential_fairness_bias_amplification: Math.log(28 / 15) - Math.log(27 / 20),
  ...penalties('pr', 11 / 35, 11 / 49),
  ...penalties('tpr', 1 / 4, 1 / 8),
  ...penalties('fpr', 1 / 3, 1 / 3),
  ...penalties('ppv', 1 / 8, 1 / 20),
  ...penalties('for', 1 / 6, 1 / 4),
  ...penalties('acc', 1 / 35, 1 / 49),
  // F1: 1/2 and 2/3, of all 8/13.
  ...penalties('f1', 3 / 16, 1 / 12),
  ...composed('pr', 2 / 5, 5 / 7, 7 / 12),
  ...composed('acc', 3 / 5, 4 / 7, 7 / 12),
  ...composed('tpr', 1 / 2, 3 / 4, 2 / 3),
  ...composed('tnr', 2 / 3, 1 / 3, 1 / 2),
  ...composed('ppv', 1 / 2, 3 / 5, 4 / 7),
  ...composed('f1', 1 / 2, 2 / 3, 8 / 13),
  ...composed('mcc', 1 / 6, 1 / Math.sqrt(120), 6 / Math.sqrt(7 * 6 * 6 * 5)),
  // Mean scores 21/50 and 45/70; of the positive class 11/20 and 3/4, of the negative one 1/3 and 1/2.
  demographic_parity_scores: 45 / 70 - 21 / 50,
  demographic_parity_scores_percent: 100 * (45 / 70 - 21 / 50),
  p_rule_scores: 100 * (21 / 50 / (45 / 70)),
  equal_opportunity_scores_percent: 20,
  equalized_odds_scores_percent: 20 + 100 / 6,
  // Pairs in order: 4 of 6 among women, 10 of 12 among men.
  auc_parity: 1 / 6,
  // 0.1 · (1/5 + 9/35) + 0.2 · 16/35 + 0.1 · (11/35 + 13/35 + 8/35 + 2/35)
  abcc: (100 * (0.1 * (7 + 9 + 2 * 16 + 11 + 13 + 8 + 2))) / 35,
};

/** These are tested against their definitions in scores.test.ts. */
const elsewhere = ['abpc', 'mmd_gaussian', 'mmd_laplacian', 'absolute_correlation'];

describe('twelve people, by hand', () => {
  const { sizes, rates, measures } = measure(twelve);
  const found = valuesOf(measures);

  it('knows every definition', () => {
    const names = [...definitions, ...scoreDefinitions].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !(name in expected) && !elsewhere.includes(name))).toEqual([]);
    expect(measures.map(({ definition }) => definition.name)).toEqual(names);
  });

  it.each(Object.entries(expected))('%s', (name, value) => {
    expect(found[name]).toBeCloseTo(value, 12);
  });

  it('shows sizes and rates of the groups', () => {
    expect(sizes).toEqual([
      { group: 'Female', people: 5, positives: 2, decidedPositive: 2 },
      { group: 'Male', people: 7, positives: 4, decidedPositive: 5 },
    ]);
    const rate = (name: string, of: string) => rates.find((each) => each.rate === name && each.group === of)!;
    expect(rate('positive_rate', 'Male')).toMatchObject({ value: 5 / 7, n: 7 });
    expect(rate('true_positive_rate', 'Female')).toMatchObject({ value: 1 / 2, n: 2 });
    expect(rate('positive_rate', 'Male').analytic).toEqual({
      low: expect.closeTo(0.358934, 5),
      high: expect.closeTo(0.917781, 5),
    });
  });

  it('turns signs and ratios round when the groups change places, and nothing else', () => {
    const swapped = valuesOf(
      measure(twelve.map(([group, truth, score]) => [1 - group, truth, score])).measures,
    );
    for (const { name, direction } of [...definitions, ...scoreDefinitions]) {
      const before = found[name]!;
      const after =
        direction === 'signed' || direction === 'reversed'
          ? -before
          : direction === 'ratio'
            ? 1 / before
            : before;
      expect(swapped[name], name).toBeCloseTo(after, 12);
    }
  });

  it('has every value inside its own intervals', () => {
    for (const { definition, value, analytic } of measures) {
      if (analytic === undefined) continue;
      expect(analytic.low, definition.name).toBeLessThanOrEqual(value! + 1e-12);
      expect(analytic.high, definition.name).toBeGreaterThanOrEqual(value! - 1e-12);
    }
  });
});

describe('three groups', () => {
  /** Positive rates 1/2, 1/4 and 1. */
  const three: readonly Person[] = [
    [0, 1, 0.9],
    [0, 0, 0.1],
    [1, 1, 0.9],
    [1, 0, 0.1],
    [1, 0, 0.2],
    [1, 1, 0.3],
    [2, 1, 0.9],
    [2, 0, 0.8],
  ];
  const { measures } = measure(three, ['A', 'B', 'C']);
  const find = (name: string, one?: string) =>
    measures.find(({ definition, pair }) => definition.name === name && pair?.[0] === one)!;

  it('compares all of them, or each with the first', () => {
    expect(find('demographic_parity_gap').value).toBeCloseTo(3 / 4, 12);
    expect(find('demographic_parity_pairwise').value).toBeCloseTo((1 / 4 + 1 / 2 + 3 / 4) / 3, 12);
    expect(find('disparate_impact_pairwise').value).toBeCloseTo((1 / 2 + 1 / 2 + 1 / 4) / 3, 12);
    expect(find('demographic_parity_ratio').value).toBeCloseTo(1 / 4, 12);
    expect(find('demographic_parity_to_overall').value).toBeCloseTo(1 / 2, 12);
    expect(find('demographic_parity', 'B').value).toBeCloseTo(-1 / 4, 12);
    expect(find('demographic_parity', 'C').value).toBeCloseTo(1 / 2, 12);
    expect(find('demographic_parity', 'C').pair).toEqual(['C', 'A']);
    expect(find('demographic_parity', 'C').n).toBe(4);
    expect(find('equalized_odds_l1').value).toBeCloseTo(1.5, 12);
    // Points (1, 0), (1/2, 0), (1, 1): gaps 1/2 and 1, of different pairs.
    expect(find('equalized_odds_sum').value).toBeCloseTo(1.5, 12);
    expect(find('fairbench_gini_pr').value).toBeCloseTo((2 * 1.5) / (2 * 9 * (7 / 12)), 12);
  });
});

describe('groups and denominators without people', () => {
  it('leave a group out that nobody belongs to', () => {
    const { measures } = measure(
      twelve.map(([group, truth, score]) => [2 * group, truth, score] as const),
      ['Female', 'Other', 'Male'],
    );
    expect(valuesOf(measures)).toEqual(valuesOf(measure(twelve).measures));
  });

  it('have no comparison where there is one group', () => {
    const { sizes, measures } = measure(twelve.filter(([group]) => group === 0));
    expect(sizes.map(({ group }) => group)).toEqual(['Female']);
    expect(measures).toEqual([]);
    expect(measure([]).sizes).toEqual([]);
  });

  it('say why a number does not exist, and are never NaN', () => {
    const noPositiveMen = twelve.filter(([group, truth]) => !(group === 1 && truth === 1));
    const { measures } = measure(noPositiveMen);
    const find = (name: string) => measures.find(({ definition }) => definition.name === name)!;
    expect(find('equal_opportunity')).toMatchObject({
      value: undefined,
      absent: 'no person of the positive class in Male',
      analytic: undefined,
      bootstrap: undefined,
    });
    expect(find('treatment_equality_signed').absent).toBe('no false negative in Male');
    expect(find('auc_parity').absent).toBe('no person of the positive class in Male');
    // OxonFair's rule: 0/0 is 0, so the difference is the women's rate; FP/max(1, FN) of men is 2.
    expect(find('equal_opportunity_pairwise').value).toBe(1 / 2);
    expect(find('treatment_equality').value).toBe(1);
    const nobody = measure(
      twelve.map(([group, truth, score]) => [group, truth, score / 2] as const),
    ).measures;
    expect(nobody.find(({ definition }) => definition.name === 'disparate_impact')).toMatchObject({
      value: undefined,
      absent: 'the positive rate of Female and Male is 0',
    });
    expect(valuesOf(nobody)).toMatchObject({ disparate_impact_pairwise: 1, disparate_impact_min: 0 });
    for (const { value, absent } of [...measures, ...nobody]) {
      expect(value === undefined ? absent : Number.isFinite(value)).toBeTruthy();
    }
  });
});
