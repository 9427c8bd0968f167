import { describe, expect, it } from 'vitest';
import { drawFloat24, stream } from '../../../random/stream.js';
import { createGapMeasure } from '../criteria.js';
import { measureDecisions, measureGaps } from '../decisions.js';
import { describePeople, type People } from '../people.js';
import { drawNormal, drawPeople } from '../testing/populations.js';
import { decideGroups, type GroupHeadScores, standingOf, standsBetter } from './group-rules.js';
import { searchHeads } from './search.js';
import { searchGroupHeads } from './search-groups.js';
import { requireMet } from './slack-choice.js';

/** Three groups whose scores differ; heads that see the groups through noise of size `blur`. */
function drawThree(count: number, seed: number, blur: number): { heads: GroupHeadScores; people: People } {
  const source = stream(seed, 'three');
  const shifts = [-0.8, 0, 0.9];
  const a = Uint16Array.from({ length: count }, (_, i) => (i < 3 ? i : Math.floor(3 * drawFloat24(source))));
  const f = Float64Array.from(a, (group) => shifts[group]! + drawNormal(source));
  const y = Uint8Array.from(f, (score) => (drawFloat24(source) < 1 / (1 + Math.exp(-2 * score)) ? 1 : 0));
  const g = shifts.map((_, k) =>
    Float64Array.from(a, (group) => (group === k ? 1 : 0) + blur * drawNormal(source)),
  );
  return { heads: { f, g }, people: describePeople(y, a, 3) };
}

const free = { slack: 2, price: Number.POSITIVE_INFINITY };

describe('the search with one head for each group', () => {
  it('meets the slack between three groups at little cost', () => {
    const { heads, people } = drawThree(600, 1, 0.05);
    const start = measureDecisions(people, decideGroups(heads, { t: [0, 0, 0], c: 0 }));
    expect(start.ddp).toBeGreaterThan(0.5);
    for (const slack of [0.02, 0.1]) {
      const { met, point } = searchGroupHeads(heads, people, slack);
      const decisions = decideGroups(heads, point);
      expect(met).toBe(true);
      expect(measureGaps(people, decisions, 'demographic_parity').size).toBeLessThanOrEqual(slack);
      expect(measureDecisions(people, decisions).right).toBe(point.right);
      // Thresholds of the three true groups that give all the same rate of one half.
      const fair = measureDecisions(
        people,
        Uint8Array.from(heads.f, (f, i) => (f > [-0.8, 0, 0.9][people.a[i]!]! ? 1 : 0)),
      );
      expect(point.accuracy).toBeGreaterThan(fair.accuracy - 0.01);
    }
  });

  it('cannot be bettered in any single coordinate', () => {
    const { heads, people } = drawThree(60, 3, 0.3);
    const measure = createGapMeasure(people, 'demographic_parity');
    const slack = 0.1;
    const { point } = searchGroupHeads(heads, people, slack);
    const aim = { ...free, slack };
    for (let step = -400; step <= 400; step++) {
      for (const k of [0, 1, 2]) {
        const rule = { t: point.t.with(k, point.t[k]! + step / 50), c: point.c };
        expect(standsBetter(standingOf(heads, people, measure, rule), point, aim)).toBe(false);
      }
      const shifted = { t: point.t, c: point.c + step / 50 };
      expect(standsBetter(standingOf(heads, people, measure, shifted), point, aim)).toBe(false);
    }
  });

  it('comes up to the exact search where there are two groups', () => {
    for (const seed of [1, 2]) {
      const { heads, people } = drawPeople(600, seed);
      const exact = requireMet(searchHeads(heads, people, { slacks: [0.02] }).choices[0]!);
      const both = { f: heads.f, g: [heads.g.map((g) => 1 - g), heads.g] };
      const { met, point } = searchGroupHeads(both, people, 0.02);
      expect(met).toBe(true);
      expect(point.right).toBeGreaterThanOrEqual(exact.right - 3);
    }
  });

  it('is unconstrained where the slack is wide', () => {
    const { heads, people } = drawThree(300, 5, 0.1);
    const { met, point } = searchGroupHeads(heads, people, 1);
    const start = standingOf(heads, people, createGapMeasure(people, 'demographic_parity'), {
      t: [0, 0, 0],
      c: 0,
    });
    expect(met).toBe(true);
    expect(point.right).toBeGreaterThanOrEqual(start.right);
  });
});
