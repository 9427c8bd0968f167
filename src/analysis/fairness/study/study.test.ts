import { describe, expect, it } from 'vitest';
import { makeArms } from '../testing/arms.js';
import type { FairRun, ScoredPeople } from './arms.js';
import { testEquivalence } from './equivalence.js';
import { listMergedRules, shareOfGroupOne } from './merged-rules.js';
import { traceTradeOffs } from './trade-offs/trade-offs.js';
import { chooseWithinGaps } from './trade-offs/within-gaps.js';
import { listTreatments } from './treatment.js';
import { traceWays } from './ways.js';

const arms = makeArms();

describe('a study of fairness', () => {
  it('traces every method, chosen on validation and measured at test', () => {
    const points = traceTradeOffs(arms);
    const heads = points.filter(({ method }) => method === 'two heads');
    for (const { setting, seeds: found } of heads) {
      const slack = Number(setting.replace('|DDP| ≤ ', ''));
      for (const { validation } of found) expect(Math.abs(validation.ddp)).toBeLessThanOrEqual(slack + 1e-12);
    }
    const regularised = points.filter(({ method }) => method === 'regularised');
    expect(
      regularised.map(({ seeds: found }) => found.length),
      'a retrained twin is no further seed',
    ).toEqual([3]);
  });

  it('looks at people under the very rules that it traces', () => {
    const points = traceTradeOffs(arms);
    const ways = traceWays(arms);
    expect(new Set(ways.map(({ method }) => method))).toEqual(new Set(['two heads', 'regularised']));
    for (const way of ways) {
      const point = points.find(({ method, setting }) => method === way.method && setting === way.setting)!;
      expect(way.seeds.map(({ test }) => [test.accuracy, test.ddp])).toEqual(
        point.seeds.map(({ test }) => [test.accuracy, test.ddp]),
      );
      for (const { scores, test, reading } of way.seeds) {
        const positive = scores.reduce((sum, score) => sum + (score > 0 ? 1 : 0), 0);
        const counted = test.groups.reduce((sum, group) => sum + group.positive * group.size, 0);
        expect(positive).toBeCloseTo(counted, 6);
        expect(reading!.agreement).toBeGreaterThan(0.9);
      }
    }
  });

  it('takes what was drawn by reductions as it is, by its slack', () => {
    const fair = arms.find(({ kind }) => kind === 'regularised')!;
    const reductions = { ...fair, kind: 'reductions' as const, strength: 0.05 };
    const [own] = traceTradeOffs([...arms, reductions]).filter(
      ({ method }) => method === 'exponentiated gradient',
    );
    expect(own).toMatchObject({
      setting: 'slack 0.05',
      seeds: [{ seed: '1' }, { seed: '2' }, { seed: '3' }],
    });
  });

  it('reports the most accurate setting within a gap', () => {
    const within = chooseWithinGaps(traceTradeOffs(arms));
    const at = (method: string) => within.find((one) => one.method === method && one.gap === 0.05)!;
    expect(at('two heads')).toMatchObject({ met: 3, seeds: 3 });
    expect(at('two heads').accuracy.mean).toBeGreaterThan(at('one threshold').accuracy.mean);
    expect(at('constant').ddp.mean).toBe(0);
  });

  it('finds fair nets to be two heads, but not with a head of shuffled groups', () => {
    const [found] = testEquivalence(arms);
    const { bothHeads, offset, control, retrained } = found!.agreement;
    expect(bothHeads.mean).toBeGreaterThan(offset.mean + 0.03);
    expect(control!.mean).toBeLessThan(bothHeads.mean - 0.03);
    expect(retrained!.n).toBe(1);
    expect(found!.ratio!.mean).toBeLessThan(0);
    const { fair, withHead, unconstrained } = found!.recovery;
    expect(withHead.accuracy.mean).toBeGreaterThan(fair.accuracy.mean);
    expect(Math.abs(withHead.ddp.mean)).toBeGreaterThan(0.75 * Math.abs(unconstrained!.ddp.mean));
  });

  it('has the head that two heads make, of which −c/b is the share of group 1', () => {
    const [strict] = listMergedRules(arms);
    expect(strict!.gap).toBe(0.01);
    expect(strict!.b.mean).toBeLessThan(-1);
    expect(strict!.balance!.mean).toBeCloseTo(shareOfGroupOne(arms)!.mean, 1);
    // g is about 0 and about 1 by group, so what f is asked to exceed differs by b.
    const [zero, one] = strict!.thresholds;
    expect(one.mean - zero.mean).toBeCloseTo(-strict!.b.mean, 1);
  });

  it('has the unfair net back by a probe of the fair one, where every run has one', () => {
    const recover = (runs: readonly FairRun[]) =>
      testEquivalence(arms.map((arm) => (arm.kind === 'regularised' ? { ...arm, runs } : arm)))[0]!.recovery;
    const probe = (own: FairRun): FairRun => {
      const add = (set: ScoredPeople) => ({ ...set, probe: set.g!.map((score) => 4 * score + 1) });
      return { ...own, validation: add(own.validation), test: add(own.test) };
    };
    const runs = arms.find(({ kind }) => kind === 'regularised')!.runs.slice(0, 3);
    const { withHead, withProbe } = recover(runs.map(probe));
    expect(withProbe!.accuracy.mean).toBeCloseTo(withHead.accuracy.mean, 2);
    expect(withProbe!.accuracy.n).toBe(3);
    expect(recover([...runs.slice(1), probe(runs[0]!)]).withProbe).toBeUndefined();
  });

  it('tells who is treated differently', () => {
    const ways = listTreatments(arms);
    const of = (way: string) => ways.find((one) => one.way === way)!;
    expect(Math.abs(of('unconstrained, f > 0').matchedGap!.mean)).toBeLessThan(0.05);
    const fair = of('two heads, |DDP| ≤ 0.01');
    expect(fair.matchedGap!.mean).toBeLessThan(-0.05);
    expect(fair.groups[1].rejected.mean).toBeGreaterThan(fair.groups[1].accepted.mean);
    expect(fair.groups[0].accepted.mean).toBeGreaterThan(fair.groups[0].rejected.mean);
  });
});
