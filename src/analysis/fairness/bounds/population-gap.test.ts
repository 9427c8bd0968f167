import { describe, expect, it } from 'vitest';
import { decide, type HeadRule, measureGaps } from '../decisions.js';
import { searchHeads } from '../search/search.js';
import { requireMet } from '../search/slack-choice.js';
import { drawPeople, positiveRates, usualPopulation } from '../testing/populations.js';
import { boundChance, incompleteBeta } from './binomial-bounds.js';
import { chooseRows, searchCertified } from './certified-search.js';
import { boundPopulationGap, peopleNeeded } from './population-gap.js';
import { chooseBanded, gridOf, searchBanded } from './threshold-bands.js';

const resamples = 1000;
const trueGap = (rule: HeadRule) => {
  const [r0, r1] = positiveRates(usualPopulation, rule);
  return Math.abs(r1 - r0);
};
const halves = (count: number, seed: number) => {
  const drawn = drawPeople(2 * count, seed);
  const rows = (from: number) => Uint32Array.from({ length: count }, (_, i) => from + i);
  return [chooseRows(drawn, rows(0)), chooseRows(drawn, rows(count))] as const;
};

describe('exact binomial bounds', () => {
  it.each([
    [0, 10, 0, 0.3084971],
    [10, 10, 0.6915029, 1],
    [5, 20, 0.0865715, 0.4910459],
    [1, 100, 0.0002531, 0.0544594],
    [300, 1000, 0.2717211, 0.3294617],
  ])('of %d in %d are %d and %d', (hits, trials, low, high) => {
    const found = boundChance(hits, trials, 0.05);
    expect(found.low).toBeCloseTo(low, 5);
    expect(found.high).toBeCloseTo(high, 5);
  });

  it('rest on binomial tails', () => {
    for (const [n, k, p] of [
      [12, 4, 0.3],
      [40, 31, 0.8],
      [25, 1, 0.02],
    ] as const) {
      let [tail, term] = [0, (1 - p) ** n];
      for (let j = 0; j <= n; j++) {
        if (j >= k) tail += term;
        term *= ((n - j) / (j + 1)) * (p / (1 - p));
      }
      expect(incompleteBeta(k, n - k + 1, p)).toBeCloseTo(tail, 12);
    }
  });
});

describe('the bound on the population gap', () => {
  it('holds after choosing on one half, in 95 % of 1,000 resamples and more', () => {
    let [held, naive] = [0, 0];
    for (let seed = 0; seed < resamples; seed++) {
      const [choosing, certifying] = halves(150, seed);
      const { choices } = searchHeads(choosing.heads, choosing.people, {
        slacks: [0.05],
        half: 4,
        refinements: 1,
        constants: false,
      });
      const [choice] = choices;
      const rule = choice!.met ? choice!.point : choice!.nearest!;
      const { bound } = boundPopulationGap(certifying.people, decide(certifying.heads, rule), 0.95);
      if (trueGap(rule) <= bound) held += 1;
      if (trueGap(rule) <= rule.size) naive += 1;
    }
    expect(held / resamples).toBeGreaterThanOrEqual(0.95);
    // The gap on the people it was chosen on is no bound.
    expect(naive / resamples).toBeLessThan(0.7);
  });

  it('is kept by what is certified, but for 5 % of resamples at most', () => {
    const slack = 0.35;
    let [certified, broken] = [0, 0];
    for (let seed = 0; seed < resamples; seed++) {
      const [choosing, certifying] = halves(150, 5000 + seed);
      const found = searchCertified(choosing, certifying, { slack, half: 4, refinements: 0 });
      if (!found.certified) continue;
      certified += 1;
      expect(found.gap.bound).toBeLessThanOrEqual(slack);
      if (trueGap(found.rule) > slack) broken += 1;
    }
    expect(certified).toBeGreaterThan(resamples / 2);
    expect(broken / resamples).toBeLessThanOrEqual(0.05);
  });

  it('says how many people a slack takes', () => {
    const [choosing, certifying] = halves(300, 1);
    const found = searchCertified(choosing, certifying, { slack: 0.05, half: 10, refinements: 0 });
    expect(found.certified).toBe(false);
    if (found.certified) return;
    expect(found.gap.bound).toBeGreaterThan(0.05);
    expect(found.needed).toBeGreaterThan(3000);
    // That many people do, where there is next to no gap.
    const alternate = (count: number) => Uint8Array.from({ length: count }, (_, k) => k % 2);
    const small = drawPeople(400, 2).people;
    const needed = peopleNeeded(small, alternate(400), 0.05, 0.95);
    const { people } = drawPeople(needed, 2);
    const { bound, observed } = boundPopulationGap(people, alternate(needed), 0.95);
    expect(bound - observed).toBeCloseTo(0.05, 2);
    const [large] = halves(30_000, 3);
    const [second] = halves(30_000, 4);
    const enough = searchCertified(large, second, { slack: 0.05, half: 10, refinements: 1 });
    expect(enough.certified).toBe(true);
    expect(peopleNeeded(small, alternate(400), 0, 0.95)).toBe(Number.POSITIVE_INFINITY);
  });

  it('names every rate of equalised odds', () => {
    const { heads, people } = drawPeople(2000, 9);
    const decisions = decide(heads, { b: 0, c: 0 });
    const { gaps, bound, observed } = boundPopulationGap(people, decisions, 0.95, 'equalized_odds_max');
    expect(gaps.map(({ rate }) => rate)).toEqual(['true_positive', 'false_positive']);
    expect(observed).toBe(Math.max(...gaps.map(({ value }) => Math.abs(value))));
    expect(bound).toBeGreaterThan(observed);
  });
});

describe('bands over all thresholds', () => {
  const grid = gridOf(drawPeople(500, 999).heads, 8);

  it('hold for the rule that was chosen, in 95 % of 1,000 resamples and more', () => {
    let held = 0;
    for (let seed = 0; seed < resamples; seed++) {
      const { heads, people } = drawPeople(300, 9000 + seed);
      const { margin, front } = searchBanded(heads, people, { grid });
      const fairest = front[0]!;
      const accurate = front.at(-1)!;
      if ([fairest, accurate].every((rule) => trueGap(rule) <= rule.size + margin)) held += 1;
    }
    expect(held / resamples).toBeGreaterThanOrEqual(0.95);
  });

  it('bound all cuts of one b at once, as sharply as they say', () => {
    let held = 0;
    for (let seed = 0; seed < 400; seed++) {
      const { heads, people } = drawPeople(200, 20_000 + seed);
      const margin = searchBanded(heads, people, { grid: [-1] }).margin;
      const worst = [-1.5, -1, -0.5, 0, 0.5, 1, 1.5].map((c) => {
        const rule = { b: -1, c };
        return Math.abs(measureGaps(people, decide(heads, rule), 'demographic_parity').size - trueGap(rule));
      });
      if (Math.max(...worst) <= margin) held += 1;
    }
    expect(held / 400).toBeGreaterThanOrEqual(0.95);
  });

  it('choose within a slack, or say how many people it takes', () => {
    const { heads, people } = drawPeople(20_000, 1);
    const banded = searchBanded(heads, people, { grid });
    const choice = chooseBanded(banded, people, 0.1);
    expect(choice.met && choice.bound).toBeLessThanOrEqual(0.1);
    expect(trueGap(requireMet(choice))).toBeLessThanOrEqual(0.1);
    const refused = chooseBanded(banded, people, 0.02);
    expect(refused).toMatchObject({ met: false, slack: 0.02 });
    if (refused.met) return;
    const more = drawPeople(refused.needed, 2);
    expect(searchBanded(more.heads, more.people, { grid }).margin).toBeCloseTo(0.02, 3);
  });
});
