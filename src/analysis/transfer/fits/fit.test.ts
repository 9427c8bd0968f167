import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupPairs } from '../records.js';
import { plantPair, record } from '../testing/planted.js';
import { axes, clipAccuracy, fromAxis, toAxis } from './axis.js';
import { fitLine, fitPair } from './fit.js';

const pairOf = (records: ReturnType<typeof plantPair>) => groupPairs(records)[0]!;

describe('axes', () => {
  it('are left as they were entered', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), (accuracy) => {
        for (const axis of axes) expect(fromAxis(axis, toAxis(axis, accuracy))).toBeCloseTo(accuracy, 12);
      }),
    );
  });

  it('have a place for all and for none', () => {
    expect(clipAccuracy(1, 1000)).toBe(0.9995);
    expect(clipAccuracy(0, 1000)).toBe(0.0005);
    expect(clipAccuracy(0.3, 1000)).toBe(0.3);
  });
});

describe('a line', () => {
  it('is that of least squares', () => {
    // x = 0, 1, 2 and y = 1, 3, 4: slope 3/2, intercept 7/6, residuals -1/6, 1/3, -1/6.
    const { slope, intercept, r2 } = fitLine([0, 1, 2], [1, 3, 4]);
    expect(slope).toBeCloseTo(1.5, 14);
    expect(intercept).toBeCloseTo(7 / 6, 14);
    expect(r2).toBeCloseTo(1 - 1 / 6 / (14 / 3), 14);
  });

  it('counts a point as often as it is said', () => {
    const twice = fitLine([0, 1, 2, 2], [1, 3, 4, 4]);
    expect(fitLine([0, 1, 2], [1, 3, 4], [1, 1, 2])).toEqual({
      slope: expect.closeTo(twice.slope, 12),
      intercept: expect.closeTo(twice.intercept, 12),
      r2: expect.closeTo(twice.r2, 12),
    });
    expect(fitLine([0.1, 0.1, 0.1], [1, 2, 3]).slope).toBeNaN();
  });
});

describe('the fit of a pair', () => {
  it('finds a line that was planted on probit axes, exactly without noise', () => {
    const fit = fitPair(pairOf(plantPair({ slope: 0.8, intercept: -0.4 })), 'probit');
    expect(fit.slope).toBeCloseTo(0.8, 9);
    expect(fit.intercept).toBeCloseTo(-0.4, 9);
    expect(fit.r2).toBeCloseTo(1, 9);
    expect(fit.spearman).toBe(1);
    expect(fit.kendall).toBe(1);
    expect(fit.mae).toBeCloseTo(0, 7);
    expect(Math.max(...fit.robustness.map(Math.abs))).toBeLessThan(1e-9);
  });

  it('has the planted slope in its interval about as often as it says', () => {
    const inside = Array.from({ length: 100 }, (_, seed) => {
      const pair = pairOf(plantPair({ slope: 0.8, intercept: -0.4, noise: 0.1, networks: 30, seed }));
      const { slope } = fitPair(pair, 'probit', { draws: 400 }).intervals;
      return slope!.low <= 0.8 && 0.8 <= slope!.high;
    });
    // Percentile intervals of 30 points are a little narrow; 85 of 100 is four deviations below 95.
    expect(inside.filter(Boolean).length).toBeGreaterThanOrEqual(85);
  });

  it('explains a probit line best on probit axes', () => {
    const pair = pairOf(plantPair({ slope: 1.3, intercept: -0.9 }));
    const [linear, probit] = [fitPair(pair, 'linear'), fitPair(pair, 'probit')];
    expect(probit.r2).toBeGreaterThan(linear.r2);
    expect(probit.mae).toBeLessThan(linear.mae);
  });

  it('tells the network that lies above the line', () => {
    const records = plantPair({ slope: 1, intercept: -0.5 });
    const odd = { ...records[10]!, oodMetrics: { accuracy: records[10]!.oodMetrics.accuracy! + 0.1 } };
    const { robustness } = fitPair(pairOf(records.with(10, odd)), 'probit', { draws: 0 });
    expect(robustness.indexOf(Math.max(...robustness))).toBe(10);
    expect(robustness[10]).toBeGreaterThan(0.08);
  });

  it('takes accuracies of 0 and 1, and says nothing where ID accuracy is constant', () => {
    const ends = pairOf([record('x', 0, 0), record('y', 0.5, 0.4), record('z', 1, 1)]);
    expect(fitPair(ends, 'logit').slope).toBeCloseTo(1, 1);
    const flat = fitPair(pairOf([0.1, 0.2, 0.3, 0.4].map((ood, at) => record(`${at}`, 0.7, ood))), 'probit');
    expect(flat.slope).toBeNaN();
    expect(flat.intervals.slope).toBeUndefined();
  });

  it('is the same every time', () => {
    const pair = pairOf(plantPair({ slope: 0.8, intercept: -0.4, noise: 0.2 }));
    expect(fitPair(pair, 'logit')).toEqual(fitPair(pair, 'logit'));
  });
});
