import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawBelow, drawFloat24, stream } from '../../../random/stream.js';
import { solveOptimalRule } from './optimal-program.js';
import { type DiscretePopulation, measureRandomised, optimalRule, optimalThreshold } from './optimal-rule.js';

/** Kinds whose chances are spread, or are tenths, so that many are tied. */
const populations = (kinds: number) =>
  fc.record({ seed: fc.nat(), tenths: fc.boolean() }).map(({ seed, tenths }): DiscretePopulation => {
    const source = stream(seed, 'kinds');
    const draw = () => 0.01 + 0.98 * drawFloat24(source);
    const chances = () =>
      Float64Array.from({ length: kinds }, () => (tenths ? (1 + drawBelow(source, 9)) / 10 : draw()));
    const weights = Float64Array.from({ length: kinds }, draw);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return { share: weights.map((weight) => weight / total), eta: chances(), gamma: chances() };
  });
const slacks = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 0.4, noNaN: true }));

/** How far a kind's chance of a label lies above its threshold. */
function marginsOf({ share, eta, gamma }: DiscretePopulation, multiplier: number): Float64Array {
  const pi = share.reduce((sum, part, i) => sum + part * gamma[i]!, 0);
  return eta.map((chance, i) => chance - optimalThreshold(multiplier, gamma[i]!, pi));
}

describe('the optimal rule under demographic parity', () => {
  it('is what a linear program finds, randomised on one kind at most (check 6)', () => {
    fc.assert(
      fc.property(populations(40), slacks, (population, slack) => {
        const closed = optimalRule(population, slack);
        const program = solveOptimalRule(population, slack);
        expect(Math.abs(closed.ddp)).toBeLessThanOrEqual(slack + 1e-12);
        expect(Math.abs(program.ddp)).toBeLessThanOrEqual(slack + 1e-8);
        expect(Math.abs(closed.accuracy - program.accuracy)).toBeLessThan(1e-8);
        expect([...closed.positive].filter((h) => h > 0 && h < 1).length).toBeLessThanOrEqual(1);
        for (const [i, margin] of marginsOf(population, closed.multiplier).entries()) {
          // On a tie one kind is as good as another.
          if (Math.abs(margin) > 1e-6) expect(program.positive[i]).toBeCloseTo(closed.positive[i]!, 5);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('is a threshold on the chance of a label that depends on how much somebody looks like a group', () => {
    fc.assert(
      fc.property(populations(12), slacks, (population, slack) => {
        const { positive, multiplier } = optimalRule(population, slack);
        for (const [i, margin] of marginsOf(population, multiplier).entries()) {
          if (Math.abs(margin) > 1e-9) expect(positive[i]).toBe(margin > 0 ? 1 : 0);
        }
      }),
    );
  });

  it('is a pair of thresholds where the group is known, tied by the size of the groups', () => {
    const eta = Float64Array.from({ length: 40 }, (_, i) => ((i % 20) + 0.5 + (i < 20 ? 0 : 4)) / 24.5);
    const gamma = Float64Array.from(eta, (_, i) => (i < 20 ? 0 : 1));
    const share = Float64Array.from(eta, (_, i) => (i < 20 ? 0.7 / 20 : 0.3 / 20));
    const { multiplier } = optimalRule({ share, eta, gamma }, 0.02);
    expect(multiplier).toBeGreaterThan(0);
    const [t0, t1] = [0, 1].map((group) => optimalThreshold(multiplier, group, 0.3));
    expect(t1).toBeCloseTo(0.5 + multiplier / (2 * 0.3), 12);
    expect(0.3 * (t1! - 0.5)).toBeCloseTo(0.7 * (0.5 - t0!), 12);
  });

  it('is the unconstrained rule within the slack', () => {
    const population = {
      share: Float64Array.of(0.5, 0.5),
      eta: Float64Array.of(0.9, 0.2),
      gamma: Float64Array.of(0.45, 0.55),
    };
    expect(optimalRule(population, 0.3)).toEqual({
      ...measureRandomised(population, Float64Array.of(1, 0)),
      multiplier: 0,
    });
  });
});
