import { describe, expect, it } from 'vitest';
import { numbers } from '../../models/testing/golden.js';
import { decide, scoreProbe } from './score.js';

/** The share of pairs that are in order, ties at a half; and DeLong's variance, both by their definitions. */
function aucByPairs(scores: readonly number[], labels: ArrayLike<number>, positive = 1) {
  const of = (inside: boolean) => scores.filter((_, at) => (labels[at] === positive) === inside);
  const [inside, outside] = [of(true), of(false)];
  const order = (a: number, b: number) => (a > b ? 1 : a === b ? 0.5 : 0);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1);
  const v10 = inside.map((a) => mean(outside.map((b) => order(a, b))));
  const v01 = outside.map((b) => mean(inside.map((a) => order(a, b))));
  return { area: mean(v10), variance: variance(v10) / v10.length + variance(v01) / v01.length };
}

describe('the score of a probe', () => {
  it('by hand', () => {
    const margins = Float64Array.of(2, 0, -1, 3, 1, -2);
    const score = scoreProbe(margins, Uint16Array.of(1, 1, 0, 1, 0, 0), 2);
    expect(score.accuracy.value).toBeCloseTo(4 / 6, 12);
    expect(score.balancedAccuracy.value).toBeCloseTo(2 / 3, 12);
    expect(score.auc?.value).toBeCloseTo(8 / 9, 12);
    expect(decide(margins, 6)).toEqual(Uint16Array.of(1, 0, 0, 1, 1, 0));
    expect(decide(Float64Array.of(0, 1, 1, 4, -1, 2), 2)).toEqual(Uint16Array.of(1, 0));
  });

  it('has the intervals of Wilson', () => {
    // Eight of ten, by hand.
    const margins = Float64Array.from({ length: 10 }, (_, at) => (at < 8 ? 1 : -1));
    const { value, lower, upper } = scoreProbe(margins, new Uint16Array(10).fill(1), 2).accuracy;
    expect([value, lower, upper].map((one) => one.toFixed(4))).toEqual(['0.8000', '0.4902', '0.9433']);
  });

  it('has the area and interval of DeLong, also with ties', () => {
    const labels = Uint16Array.from(numbers(1, 120), (u) => (u < 0.3 ? 1 : 0));
    const scores = Array.from(numbers(2, 120), (u, at) => Math.round(8 * u) / 4 + labels[at]! / 2);
    const { area, variance } = aucByPairs(scores, labels);
    const { auc } = scoreProbe(Float64Array.from(scores), labels, 2);
    expect(auc!.value).toBeCloseTo(area, 12);
    expect(auc!.upper - auc!.value).toBeCloseTo(1.959963984540054 * Math.sqrt(variance), 12);
    expect(auc!.value - auc!.lower).toBeCloseTo(1.959963984540054 * Math.sqrt(variance), 12);
    const two = Float64Array.from(scores.flatMap((score) => [0, score]));
    expect(scoreProbe(two, labels, 2).auc).toEqual(auc);
  });

  it('takes the mean of each class against the rest where there are three', () => {
    const labels = Uint16Array.from(numbers(3, 90), (u) => Math.floor(3 * u));
    const margins = numbers(4, 270);
    const areas = [0, 1, 2].map(
      (label) =>
        aucByPairs(
          Array.from(labels, (_, row) => margins[3 * row + label]!),
          labels,
          label,
        ).area,
    );
    const { auc, balancedAccuracy } = scoreProbe(margins, labels, 3);
    expect(auc!.value).toBeCloseTo((areas[0]! + areas[1]! + areas[2]!) / 3, 12);
    expect(auc!.lower).toBeLessThan(auc!.value);
    expect(balancedAccuracy.lower).toBeGreaterThan(0.2);
    expect(balancedAccuracy.upper).toBeLessThan(0.5);
  });

  it('leaves out classes that are not there', () => {
    const one = scoreProbe(Float64Array.of(1, 2, -1), Uint16Array.of(1, 1, 1), 2);
    expect(one.auc).toBeUndefined();
    expect(one.balancedAccuracy.value).toBeCloseTo(2 / 3, 12);
    const constant = scoreProbe(
      new Float64Array(10),
      Uint16Array.from({ length: 10 }, (_, at) => at % 2),
      2,
    );
    expect(constant.auc).toEqual({ value: 0.5, lower: 0.5, upper: 0.5 });
  });

  it('covers what is true in 95 of 100 samples', () => {
    const samples = 400;
    const size = 80;
    // Class 1 in two of five, its score moved by one width of the noise's half: accuracy at 0 is known.
    const covered = { accuracy: 0, balancedAccuracy: 0, auc: 0 };
    const truth = { accuracy: 0.4 * 0.75 + 0.6 * 0.75, balancedAccuracy: 0.75, auc: 1 - 0.5 ** 2 / 2 };
    for (let sample = 0; sample < samples; sample++) {
      const noise = numbers(1000 + sample, size);
      const labels = Uint16Array.from({ length: size }, (_, at) => (at % 5 < 2 ? 1 : 0));
      const score = scoreProbe(
        noise.map((u, at) => u - 0.75 + labels[at]! / 2),
        labels,
        2,
      );
      for (const name of ['accuracy', 'balancedAccuracy', 'auc'] as const) {
        const { lower, upper } = score[name]!;
        if (lower <= truth[name] && truth[name] <= upper) covered[name]++;
      }
    }
    for (const count of Object.values(covered)) expect(count / samples).toBeGreaterThan(0.92);
  });
});
