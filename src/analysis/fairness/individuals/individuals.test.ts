import { describe, expect, it } from 'vitest';
import { decide, decideAbove } from '../decisions.js';
import { describePeople } from '../people.js';
import { walkThresholds } from '../rules/greedy-thresholds.js';
import { decideByGroup, toThresholds } from '../rules/thresholds.js';
import { searchHeads } from '../search/search.js';
import { requireMet } from '../search/slack-choice.js';
import { drawPeople } from '../testing/populations.js';
import { listFlips, measureBand } from './flips.js';
import { measureMatchedGap } from './matched-gap.js';
import { meansOfHead, swapGroups } from './swap-test.js';

// Group 0 has rate 1/4, group 1 has 3/4.
const people = describePeople(Uint8Array.of(0, 0, 1, 1, 0, 0, 1, 1), Uint8Array.of(0, 0, 0, 0, 1, 1, 1, 1));
const before = Uint8Array.of(0, 0, 0, 1, 0, 1, 1, 1);

describe('flips', () => {
  it('are counted by group, and those against the intended direction apart', () => {
    const after = Uint8Array.of(1, 0, 1, 0, 1, 0, 1, 0);
    const flips = listFlips(people, before, after);
    expect(flips.advantaged).toBe(1);
    expect(flips.groups).toEqual([
      { size: 4, rejected: 1, accepted: 2, other: 1 },
      { size: 4, rejected: 2, accepted: 1, other: 1 },
    ]);
    expect(flips.otherShare).toBe(0.25);
    expect([...flips.each]).toEqual([1, 0, 1, -1, 1, -1, 0, -1]);
  });

  it('have no intended direction where there was no gap', () => {
    const even = Uint8Array.of(0, 0, 1, 1, 0, 0, 1, 1);
    expect(listFlips(people, even, before)).toMatchObject({ advantaged: undefined, otherShare: 0 });
  });
});

it('the band between thresholds holds those above the lower and not above the higher', () => {
  const f = Float64Array.of(-1, 0, 0.5, 1, 0, 0.5, 1, 2);
  expect(measureBand(f, people, [0, 1])).toEqual({ low: 0, high: 1, shares: [0.5, 0.5] });
  expect(measureBand(f, people, [1, 0]).shares).toEqual([0.5, 0.5]);
  expect(measureBand(f, people, [0, 0]).shares).toEqual([0, 0]);
});

describe('the swap test', () => {
  it('asks for the decision with the mean of the other group', () => {
    const g = Float64Array.of(0, 0.2, 0, 0.2, 1, 0.8, 1, 0.8);
    const means = meansOfHead(g, people);
    expect(means[0]).toBeCloseTo(0.1, 12);
    expect(means[1]).toBeCloseTo(0.9, 12);
    const f = Float64Array.of(-1, 0, 0.5, 3, -1, 0.6, 1.4, 3);
    const { margins, changes, shares } = swapGroups({ f, g }, people, { b: -1, c: 0 }, means);
    expect(margins[2]).toBeCloseTo(0.5 - 0.9, 12);
    expect(margins[5]).toBeCloseTo(0.6 - 0.1, 12);
    expect([...changes]).toEqual([0, 0, 1, 0, 0, 1, 0, 0]);
    expect(shares).toEqual([0.25, 0.25]);
  });
});

describe('the matched-score gap (check 16)', () => {
  const drawn = drawPeople(8000, 3, { share: 0.4, shift: 0.3, blur: 0.05 });
  const { f } = drawn.heads;

  it('is near 0 for one threshold on the score, whatever the gap of rates', () => {
    for (const threshold of [-0.4, 0, 0.5]) {
      const { gap, covered } = measureMatchedGap(f, drawn.people, decideAbove(f, threshold));
      expect(Math.abs(gap!)).toBeLessThan(0.01);
      expect(covered).toBeGreaterThan(0.9);
    }
  });

  it('shows thresholds of groups, and two heads that hide them', () => {
    const { thresholds } = walkThresholds(f, drawn.people, { slack: 0.01 });
    const open = measureMatchedGap(f, drawn.people, decideByGroup(f, drawn.people.a, thresholds)).gap!;
    const rule = requireMet(searchHeads(drawn.heads, drawn.people, { slacks: [0.01] }).choices[0]!);
    const hidden = measureMatchedGap(f, drawn.people, decide(drawn.heads, rule)).gap!;
    expect(open).toBeLessThan(-0.1);
    expect(Math.abs(open - hidden)).toBeLessThan(0.04);
    // The same as the share of people whose score lies between the thresholds.
    const band = measureBand(f, drawn.people, toThresholds(rule, meansOfHead(drawn.heads.g, drawn.people)));
    expect(-hidden).toBeCloseTo((band.shares[0] + band.shares[1]) / 2, 1);
  });

  it('weighs bins, keeps equal scores together and leaves thin bins out', () => {
    const score = Float64Array.from({ length: 24 }, (_, i) => (i < 12 ? 0 : 1));
    const a = Uint8Array.from({ length: 24 }, (_, i) => (i < 12 ? i % 2 : i < 18 ? 1 : 0));
    const two = describePeople(
      a.map(() => 1),
      a,
    );
    const decisions = a.map((group, i) => (i < 12 ? group : 1 - group));
    const found = measureMatchedGap(score, two, decisions, { quantiles: 2 });
    // Six of each group in either bin: rates 1 − 0 and 0 − 1.
    expect(found.bins.map(({ sizes }) => sizes)).toEqual([
      [6, 6],
      [6, 6],
    ]);
    expect(found).toMatchObject({ gap: 0, covered: 1 });
    const constant = measureMatchedGap(new Float64Array(24), two, decisions);
    expect(constant.bins).toHaveLength(1);
    expect(measureMatchedGap(score, two, decisions, { least: 7 })).toEqual({
      gap: undefined,
      bins: [],
      covered: 0,
    });
  });
});
