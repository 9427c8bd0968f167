import { describe, expect, it } from 'vitest';
import { toAxis } from '../../analysis/transfer/fits/axis.js';
import { chooseTicks, domainOf } from './axes.js';

const labels = (axis: 'linear' | 'logit' | 'probit', low: number, high: number) =>
  chooseTicks(axis, [toAxis(axis, low), toAxis(axis, high)]).map(({ label }) => label);

describe('ticks of accuracy', () => {
  it('are round percentages where there is room', () => {
    expect(labels('linear', 0.05, 0.95)).toEqual(['10', '20', '30', '40', '50', '60', '70', '80', '90']);
    const probit = labels('probit', 0.02, 0.999);
    expect(probit).toContain('50');
    expect(probit).toContain('99');
    expect(probit.length).toBeLessThanOrEqual(12);
  });

  it('are finer in a narrow part, and never 0 or 100', () => {
    expect(labels('logit', 0.9, 0.96)).toEqual(['90', '91', '92', '93', '94', '95', '96']);
    expect(labels('linear', -0.05, 0.06).every((label) => Number(label) > 0)).toBe(true);
  });

  it('stand on an axis that shows all values', () => {
    expect(domainOf([1, 2])).toEqual([0.94, 2.06]);
    const [low, high] = domainOf([3]);
    expect(low).toBeLessThan(3);
    expect(high).toBeGreaterThan(3);
    expect(domainOf([Number.NaN])).toEqual([0, 1]);
  });
});
