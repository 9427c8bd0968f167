import { describe, expect, it } from 'vitest';
import { rowKey } from '../../analysis/records.js';
import { GROUP_METRICS } from '../../config/schema/sections/evaluation.js';
import { HeldoutError } from '../../core/errors.js';
import { twelve } from '../fairness/testing/people.js';
import { tabulatePeople } from '../fairness/testing/predictions.js';
import { type Metric, metrics, scorePredictions } from '../index.js';
import type { PredictionsTable } from '../predictions.js';

const table = tabulatePeople(twelve);
const score = (metric: string, from: PredictionsTable = table, names: readonly string[] = ['sex']) =>
  Object.fromEntries(
    scorePredictions(from, [metric], { protected: names }).map(({ set, group, value, n }) => [
      rowKey(set, group),
      [Number(value.toFixed(6)), n],
    ]),
  );
const six = (value: number) => Number(value.toFixed(6));

describe('metrics of protected groups', () => {
  it('give rates per group, with who stands below the line', () => {
    expect(score('positive_rate')).toEqual({
      'test by=sex group=Female': [0.4, 5],
      'test by=sex group=Female target=income': [0.4, 5],
      'test by=sex group=Male': [six(5 / 7), 7],
      'test by=sex group=Male target=income': [six(5 / 7), 7],
    });
    expect(score('true_positive_rate')['test by=sex group=Male']).toEqual([0.75, 4]);
  });

  it('compare group 1 with group 0, signed', () => {
    expect(score('demographic_parity')).toEqual({
      'test by=sex': [six(11 / 35), 12],
      'test by=sex target=income': [six(11 / 35), 12],
    });
    expect(score('disparate_impact')['test by=sex']).toEqual([0.56, 12]);
    expect(score('equalized_odds_max')['test by=sex']).toEqual([six(1 / 3), 12]);
    expect(score('equalized_odds_mean')['test by=sex']).toEqual([six(7 / 24), 12]);
    expect(score('equalized_odds_sum')['test by=sex']).toEqual([six(7 / 12), 12]);
    // Logits are kept in single precision.
    expect(score('abcc')['test by=sex']![0]).toBeCloseTo((100 * 8.2) / 35, 4);
  });

  it('take each protected variable, and all of them at once', () => {
    const keys = Object.keys(score('demographic_parity', table, ['sex', 'race']));
    expect(keys.filter((key) => !key.includes('target'))).toEqual([
      'test by=sex',
      'test by=race',
      'test against=Female+Black by=sex+race group=Female+White',
      'test against=Female+Black by=sex+race group=Male+Black',
      'test against=Female+Black by=sex+race group=Male+White',
    ]);
    expect(score('demographic_parity_gap', table, ['sex', 'race'])['test by=sex+race']![1]).toBe(12);
  });

  it('have no row for what does not exist, nor for a head that predicts the group', () => {
    const noPositiveMen = tabulatePeople(twelve.filter(([group, truth]) => !(group === 1 && truth === 1)));
    expect(score('equal_opportunity', noPositiveMen)).toEqual({});
    expect(Object.keys(score('true_positive_rate', noPositiveMen))).toHaveLength(2);
    const women = tabulatePeople(twelve.filter(([group]) => group === 0));
    expect(score('demographic_parity', women)).toEqual({});
    expect(Object.keys(score('positive_rate', women))).toHaveLength(2);
    const withHead = { ...table, logits: { ...table.logits, sex: table.logits!.income! } };
    expect(score('demographic_parity', withHead)).toEqual(score('demographic_parity'));
    const aside = { ...withHead, context: { ...table.context, beside: ['sex'] } };
    expect(Object.keys(score('demographic_parity', aside, ['race']))).toEqual([
      'test by=race',
      'test by=race target=income',
    ]);
  });

  it('say what to type where no variable is named, or one that is not there', () => {
    expect(() => scorePredictions(table, ['demographic_parity'])).toThrow(
      expect.objectContaining({
        code: 'E_METRIC_PROTECTED',
        hints: ["type '+evaluation.protected=[sex]'"],
      }),
    );
    expect(() => score('demographic_parity', table, ['colour'])).toThrow("there is no variable 'colour'");
  });

  it('are those that the config knows to need one', () => {
    const needing = Object.entries<Metric>(metrics).filter(([, metric]) => {
      try {
        metric(table, {});
        return false;
      } catch (error) {
        return error instanceof HeldoutError && error.code === 'E_METRIC_PROTECTED';
      }
    });
    expect(needing.map(([name]) => name)).toEqual([...GROUP_METRICS]);
  });
});
