import { describe, expect, it } from 'vitest';
import { decide } from '../../decisions.js';
import { describePeople } from '../../people.js';
import { makeArms } from '../../testing/arms.js';
import { gapOfLabels, listSeeds, strongestArm } from '../arms.js';
import type { Method, SeedPoint, TradeOffPoint } from '../trade-offs/methods.js';
import { traceTradeOffs } from '../trade-offs/trade-offs.js';
import { traceAwareness } from './awareness.js';
import { summarizeCurves } from './curves.js';
import { binGroupHead } from './group-head.js';
import { samplePlane } from './plane.js';

const arms = makeArms({ size: 1500, holds: { 2: 0.5, 10: 1.5, 20: 1.6 } });

/** A setting with the same values on both sets for two seeds. */
function point(method: Method, setting: string, accuracies: [number, number], ddps: [number, number]) {
  const seeds = accuracies.map((accuracy, at): SeedPoint => {
    const standing = { accuracy, ddp: ddps[at]! };
    return { seed: String(at), validation: standing, test: { accuracy: accuracy - 0.01, ddp: ddps[at]! } };
  });
  return { method, setting, seeds } satisfies TradeOffPoint;
}

describe('curves of accuracy against gap', () => {
  it('have means over seeds at test, with Student intervals', () => {
    const { curves } = summarizeCurves([point('regularised', 'λ = 1', [0.8, 0.82], [0.1, 0.14])]);
    const [{ accuracy, ddp }] = curves[0]!.points as [(typeof curves)[0]['points'][0]];
    expect(accuracy.mean).toBeCloseTo(0.8, 12);
    expect(ddp.mean).toBeCloseTo(0.12, 12);
    // Of two values t is 12.706, and the standard error half their distance.
    expect(ddp.halfWidth).toBeCloseTo(12.706 * 0.02, 4);
  });

  it('take for the front what is undominated on validation by the size of the gap, without groups', () => {
    const { front } = summarizeCurves([
      point('regularised', 'both signs', [0.9, 0.9], [0.2, -0.2]),
      point('regularised', 'fair', [0.8, 0.8], [0.05, 0.05]),
      point('two heads', 'negative', [0.85, 0.85], [-0.1, -0.1]),
      point('two heads', 'beaten', [0.84, 0.84], [0.12, 0.12]),
      point('thresholds of true groups', 'needs groups', [0.95, 0.95], [0, 0]),
      point('constant', '', [0.7, 0.7], [0, 0]),
    ]);
    expect(front.map(({ setting }) => setting)).toEqual(['fair', 'negative', 'both signs']);
    expect(front[0]!.accuracy.mean).toBeCloseTo(0.79, 12);
  });

  it('leave out methods that are not shown, also of the front', () => {
    const points = traceTradeOffs(makeArms({ size: 400, seeds: [1] }));
    const { curves, front } = summarizeCurves(points, ['regularised', 'unconstrained']);
    expect(curves.map(({ method }) => method)).toEqual(['regularised', 'unconstrained']);
    expect(front.every(({ method }) => method === 'regularised' || method === 'unconstrained')).toBe(true);
    expect(curves[0]!.points[0]!.ddp.halfWidth).toBeUndefined();
  });
});

describe('awareness against gap', () => {
  const probes = new Map(
    arms.flatMap(({ strength, runs }) =>
      runs.map(({ run }) => [run, { logistic: 0.7 + strength / 100, majority: 0.5 }] as const),
    ),
  );

  it('has a point per strength, weakest first, and the baselines that were probed', () => {
    const found = traceAwareness(arms, (run) => probes.get(run))!;
    expect(found.points.map(({ strength }) => strength)).toEqual([0, 2, 10, 20]);
    expect(found.points.map(({ accuracy }) => accuracy.mean)).toEqual([
      expect.closeTo(0.7, 9),
      expect.closeTo(0.72, 9),
      expect.closeTo(0.8, 9),
      expect.closeTo(0.9, 9),
    ]);
    expect(found.points.map(({ accuracy }) => accuracy.n)).toEqual([3, 3, 3, 3]);
    expect(found.points[0]!.ddp.mean).toBeGreaterThan(found.points[2]!.ddp.mean + 0.1);
    expect([...found.baselines.keys()]).toEqual(['majority']);
  });

  it('is absent where nothing was probed, and leaves out runs without probes', () => {
    expect(traceAwareness(arms, () => undefined)).toBeUndefined();
    const [free] = arms;
    const one = free!.runs[0]!.run;
    const found = traceAwareness(arms, (run) => (run === one ? probes.get(run) : undefined))!;
    expect(found.points.map(({ accuracy }) => accuracy.n)).toEqual([1]);
  });
});

describe('the plane of both heads', () => {
  it('is of the strongest net that was trained twice, and its line decides as it does', () => {
    expect(strongestArm(arms)!.strength).toBe(20);
    expect(strongestArm(arms.map((arm) => ({ ...arm, runs: arm.runs.slice(0, 3) })))!.strength).toBe(20);
    const twins = makeArms({ size: 1500, holds: { 10: 1.5 } });
    const alone = makeArms({ size: 1500, holds: { 20: 1.6 } }).filter(({ kind }) => kind === 'regularised');
    const stronger = alone.map((arm) => ({ ...arm, runs: arm.runs.slice(0, 3) }));
    expect(strongestArm([...stronger, ...twins])!.strength).toBe(10);

    const plane = samplePlane(twins, 500)!;
    expect({ strength: plane.strength, seed: plane.seed, people: plane.people }).toEqual({
      ...{ strength: 10, seed: '1', people: 1500 },
    });
    expect(plane.f).toHaveLength(500);
    expect(samplePlane(twins, 500)).toEqual(plane);
    const same = decide(plane, plane.line!).filter((decision, i) => decision === plane.positive[i]).length;
    expect(Math.abs(same / 500 - plane.agreement)).toBeLessThan(0.03);
    expect(plane.agreement).toBeGreaterThan(0.93);
    // The fair net takes away 1.5 for the group, and g is the group less a half.
    expect(plane.line!.b).toBeCloseTo(-1.5, 0);
  });

  it('is absent without two heads, or without a fair net', () => {
    expect(samplePlane(arms.filter(({ kind }) => kind !== 'two_heads'))).toBeUndefined();
    expect(samplePlane(arms.filter(({ kind }) => kind !== 'regularised'))).toBeUndefined();
  });
});

describe('the group head', () => {
  it('is binned by group, and nothing is lost beyond the ends', () => {
    const heads = binGroupHead(arms, 40)!;
    expect(heads.seeds).toEqual(['1', '2', '3']);
    expect(heads.edges).toHaveLength(41);
    for (const { seeds, mean } of heads.groups) {
      for (const shares of [...seeds, mean]) {
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
      }
    }
    // g lies 0.05 around the group less a half.
    const below = heads.edges.findIndex((edge) => edge >= 0) - 1;
    expect(heads.groups[1].mean.slice(0, below).reduce((sum, share) => sum + share, 0)).toBeCloseTo(0, 9);
    expect(heads.accuracy.mean).toBe(1);
    expect(heads.majority.mean).toBeCloseTo(0.5, 1);
  });

  it('has a bin for a head that says the same of everybody, and is absent without one', () => {
    const silent = arms.map((arm) => ({
      ...arm,
      runs: arm.runs.map((run) => ({ ...run, test: { ...run.test, g: run.test.g!.map(() => 0) } })),
    }));
    const heads = binGroupHead(silent, 10)!;
    expect(heads.groups[0].mean[0]).toBe(1);
    expect(heads.accuracy.mean + heads.majority.mean).toBeGreaterThan(0.9);
    expect(binGroupHead(arms.filter(({ kind }) => kind !== 'two_heads'))).toBeUndefined();
  });
});

it('names seeds once, and the gap that labels have over them', () => {
  expect(listSeeds(arms)).toEqual(['1', '2', '3']);
  const gap = gapOfLabels(arms)!;
  expect(gap.n).toBe(3);
  expect(gap.mean).toBeGreaterThan(0.1);
  const [arm] = makeArms({ size: 4, seeds: [1] });
  const people = describePeople(Uint8Array.of(1, 1, 0, 1), Uint8Array.of(1, 1, 0, 0));
  const runs = [{ ...arm!.runs[0]!, test: { ...arm!.runs[0]!.test, people } }];
  expect(gapOfLabels([{ ...arm!, runs }])!.mean).toBe(0.5);
  expect(gapOfLabels([])).toBeUndefined();
});
