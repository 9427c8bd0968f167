import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measureDecisions } from '../decisions.js';
import { describePeople, type People } from '../people.js';
import { requireMet } from '../search/slack-choice.js';
import { drawPeople } from '../testing/populations.js';
import { type GreedyTarget, spaceRatios, walkThresholds } from './greedy-thresholds.js';
import { constantDecision, searchOneThreshold, searchPredictedThresholds } from './simple-rules.js';
import { decideByGroup } from './thresholds.js';

const problems = fc
  .array(fc.record({ a: fc.nat(1), f: fc.integer({ min: -12, max: 12 }) }), { minLength: 2, maxLength: 30 })
  .map((drawn) => {
    const all = [...drawn, { a: 0, f: 1 }, { a: 1, f: -1 }];
    const a = Uint8Array.from(all, (person) => person.a);
    return {
      f: Float64Array.from(all, ({ f }) => f / 4),
      people: describePeople(
        a.map(() => 1),
        a,
      ),
    };
  });
const target = fc.oneof(
  fc.record({ ratio: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({ slack: fc.double({ min: 0, max: 1, noNaN: true }) }),
);

const ratesOf = (f: Float64Array, people: People, thresholds: readonly number[]) =>
  measureDecisions(people, decideByGroup(f, people.a, thresholds)).groups.map(({ positive }) => positive);

const meets = (rates: readonly number[], advantaged: 0 | 1, aim: GreedyTarget) => {
  const [most, least] = [rates[advantaged]!, rates[1 - advantaged]!];
  return 'ratio' in aim ? aim.ratio * most <= least : most - least <= aim.slack;
};

/** Expected right decisions if σ(f) is the chance of a positive label. */
const expectedRight = (f: Float64Array, people: People, thresholds: readonly number[]) =>
  decideByGroup(f, people.a, thresholds).reduce((sum, positive, i) => {
    const chance = 1 / (1 + Math.exp(-f[i]!));
    return sum + (positive === 1 ? chance : 1 - chance);
  }, 0);

describe('the greedy walk to group thresholds (check 5)', () => {
  it('ends where the target holds, and no flip sooner', () => {
    fc.assert(
      fc.property(problems, target, ({ f, people }, aim) => {
        const { thresholds, advantaged, flips, rates } = walkThresholds(f, people, aim);
        expect(ratesOf(f, people, thresholds)).toEqual([...rates]);
        expect(meets(rates, advantaged, aim)).toBe(true);
        const last = flips.at(-1);
        if (last === undefined) return;
        const sizes = people.sizes;
        const before = rates.map((rate, group) => {
          const size = sizes[2 * group]! + sizes[2 * group + 1]!;
          const back = group === advantaged ? last.people : -last.people;
          return last.group === group ? Math.round(rate * size + back) / size : rate;
        });
        expect(meets(before, advantaged, aim)).toBe(false);
      }),
    );
  });

  it('loses no more than the best pair of thresholds does and the last flip', () => {
    fc.assert(
      fc.property(problems, target, ({ f, people }, aim) => {
        const { thresholds, advantaged, flips } = walkThresholds(f, people, aim);
        const cuts = [...new Set(f), 0].sort((p, q) => p - q);
        const candidates = [cuts[0]! - 1, ...cuts];
        let best = 0;
        for (const t0 of candidates) {
          for (const t1 of candidates) {
            if (!meets(ratesOf(f, people, [t0, t1]), advantaged, aim)) continue;
            best = Math.max(best, expectedRight(f, people, [t0, t1]));
          }
        }
        const lost = best - expectedRight(f, people, thresholds);
        expect(lost).toBeLessThanOrEqual((flips.at(-1)?.cost ?? 0) + 1e-9);
      }),
      { numRuns: 60 },
    );
  });

  it('reaches infinity where a group is exhausted', () => {
    const people = describePeople(Uint8Array.of(0, 1, 0, 1), Uint8Array.of(0, 0, 1, 1));
    const found = walkThresholds(Float64Array.of(-9, -8, 0.1, 0.2), people, { ratio: 1 });
    expect(found.thresholds).toEqual([0, Number.POSITIVE_INFINITY]);
    expect(found.rates).toEqual([0, 0]);
  });

  it('spaces ratios up to 1', () => {
    expect(spaceRatios(0.5)).toHaveLength(21);
    expect([spaceRatios(0.5)[0], spaceRatios(0.5).at(-1)]).toEqual([0.5, 1]);
  });
});

describe('baselines', () => {
  const { heads, people } = drawPeople(3000, 3);
  const slack = 0.02;

  it('thresholds of predicted groups keep the slack between true ones', () => {
    const blurred = drawPeople(3000, 3, { share: 0.4, shift: 0.5, blur: 0.8 });
    const predicted = Uint8Array.from(blurred.heads.g, (g) => (g > 0.5 ? 1 : 0));
    const tuned = searchPredictedThresholds(blurred.heads.f, predicted, blurred.people, {
      slacks: [slack],
    })[0]!;
    const decisions = decideByGroup(blurred.heads.f, predicted, tuned.thresholds!);
    const measured = measureDecisions(blurred.people, decisions);
    expect(Math.abs(measured.ddp)).toBeLessThanOrEqual(slack);
    expect(measured.accuracy).toBe(requireMet(tuned.choice).accuracy);
    // Thresholds for true groups, fed with predicted ones, keep much of the gap.
    const { thresholds } = walkThresholds(blurred.heads.f, blurred.people, { slack });
    const plugged = measureDecisions(blurred.people, decideByGroup(blurred.heads.f, predicted, thresholds));
    expect(plugged.ddp).toBeGreaterThan(0.15);
  });

  it('one threshold for everybody is the sum without a group head', () => {
    const [strict, free] = searchOneThreshold(heads.f, people, [slack, Number.POSITIVE_INFINITY]).map(
      requireMet,
    );
    expect(strict!.b).toBe(0);
    expect(strict!.size).toBeLessThanOrEqual(slack);
    expect(free!.accuracy).toBeGreaterThan(strict!.accuracy);
    expect(strict!.accuracy).toBeGreaterThanOrEqual(constantDecision(people).accuracy);
  });

  it('gives the more frequent label to everybody', () => {
    const few = describePeople(Uint8Array.of(1, 0, 0), Uint8Array.of(0, 1, 0));
    expect(constantDecision(few)).toEqual({ label: 0, accuracy: 2 / 3 });
    const even = describePeople(Uint8Array.of(1, 0), Uint8Array.of(0, 1));
    expect(constantDecision(even)).toEqual({ label: 0, accuracy: 0.5 });
  });
});
