import { decide, decideAbove, type Measured, measureDecisions } from '../../decisions.js';
import { spaceRatios, walkThresholds } from '../../rules/greedy-thresholds.js';
import { constantDecision, searchOneThreshold, searchPredictedThresholds } from '../../rules/simple-rules.js';
import { decideByGroup } from '../../rules/thresholds.js';
import { searchHeads } from '../../search/search.js';
import type { SlackChoice } from '../../search/slack-choice.js';
import {
  type ArmKind,
  armsOf,
  countGroups,
  type FairArm,
  type FairRun,
  headsOf,
  type ScoredPeople,
  seedsOf,
} from '../arms.js';
import { certifyWithin } from './certified.js';
import {
  type DecideOn,
  type SearchRules,
  searchManyHeads,
  searchManyPredicted,
  searchManyThresholds,
} from './many-groups.js';
import {
  curvePoints,
  formatGap,
  listSlacks,
  type Method,
  namedGaps,
  nameGap,
  nameSlack,
  nameStrength,
  type SeedPoint,
  type Standing,
  type TradeOffPoint,
} from './methods.js';

const traced = new WeakMap<readonly FairArm[], TradeOffPoint[]>();

/** Accuracy and gap of every method at every setting, seed by seed; of the same arms it is found once. */
export function traceTradeOffs(arms: readonly FairArm[]): readonly TradeOffPoint[] {
  const known = traced.get(arms) ?? trace(arms);
  traced.set(arms, known);
  return known;
}

const noSetting = () => '';
/** Arms whose decisions are f > 0, and what their strength is called. */
const asTheyAre: Readonly<
  Record<
    Exclude<ArmKind, 'two_heads'>,
    { readonly method: Method; readonly setting: (strength: number) => string }
  >
> = {
  unconstrained: { method: 'unconstrained', setting: noSetting },
  regularised: { method: 'regularised', setting: nameStrength },
  reweighed: { method: 'reweighed', setting: noSetting },
  adversarial: { method: 'adversarial', setting: nameStrength },
  reductions: { method: 'exponentiated gradient', setting: (slack) => `slack ${slack}` },
};

function trace(arms: readonly FairArm[]): TradeOffPoint[] {
  const many = countGroups(arms) > 2;
  const trained = Object.entries(asTheyAre).flatMap(([kind, { method, setting }]) =>
    armsOf(arms, kind as ArmKind).map(
      (arm): TradeOffPoint => ({
        method,
        setting: setting(arm.strength),
        seeds: seedsOf(arms, arm).map(asTrained),
      }),
    ),
  );
  const controls = arms
    .filter(({ kind, shuffled }) => kind === 'regularised' && shuffled)
    .map(
      (arm): TradeOffPoint => ({
        method: 'control: regularised on shuffled groups',
        setting: nameStrength(arm.strength),
        seeds: arm.runs.map(asTrained),
      }),
    );
  const slacks = listSlacks(arms);
  const bySlack = (method: Method, runs: readonly FairRun[], search: SearchRun): TradeOffPoint[] => {
    const found = runs.map((run) => ({ seed: run.seed, points: search(run, slacks) }));
    return slacks.map((slack, at) => ({
      method,
      setting: nameSlack(slack, nameGap(arms)),
      seeds: found.flatMap(({ seed, points }) => (points[at] === undefined ? [] : [{ seed, ...points[at] }])),
    }));
  };
  const twoHeads = armsOf(arms, 'two_heads').flatMap(({ runs }) => runs);
  const free = armsOf(arms, 'unconstrained')[0]?.runs ?? [];
  return [
    ...trained,
    ...bySlack('two heads', twoHeads, many ? pointsOf(searchManyHeads) : searchBothHeads),
    { method: 'two heads, f > 0' as const, setting: '', seeds: twoHeads.map(asTrained) },
    ...traceCertified(arms),
    ...bySlack(
      'thresholds of predicted groups',
      twoHeads,
      many ? pointsOf(searchManyPredicted) : searchPredicted,
    ),
    ...bySlack('one threshold', free, searchOne),
    ...(many ? bySlack('thresholds of true groups', free, pointsOf(searchManyThresholds)) : walkRatios(free)),
    ...(free.length === 0
      ? []
      : [{ method: 'constant' as const, setting: '', seeds: free.map(alwaysAlike) }]),
    ...controls,
  ].filter(({ seeds }) => seeds.length > 0);
}

type SetPoint = Pick<SeedPoint, 'validation' | 'test'>;
/** A point for each slack; none where nothing meets it. */
type SearchRun = (run: FairRun, slacks: readonly number[]) => readonly (SetPoint | undefined)[];

/** At the named gaps; no seed is there that too few people certify. */
function traceCertified(arms: readonly FairArm[]): TradeOffPoint[] {
  const found = certifyWithin(arms, namedGaps);
  return namedGaps.map((gap) => ({
    method: 'two heads, certified',
    setting: `population ${nameGap(arms)} ≤ ${gap}`,
    bound: gap,
    seeds: found.flatMap(({ run, gap: own, decideOn }) =>
      own === gap && decideOn !== undefined ? [{ seed: run.seed, ...onBoth(run, decideOn) }] : [],
    ),
  }));
}

const pointsOf =
  (search: SearchRules): SearchRun =>
  (run, slacks) =>
    search(run, slacks).map((decideOn) => (decideOn === undefined ? undefined : onBoth(run, decideOn)));

const asTrained = ({ seed, ...sets }: FairRun): SeedPoint => ({
  seed,
  ...onBoth(sets, ({ f }) => decideAbove(f)),
});

const alwaysAlike = ({ seed, validation, test }: FairRun): SeedPoint => {
  const { label } = constantDecision(validation.people);
  return { seed, ...onBoth({ validation, test }, ({ f }) => new Uint8Array(f.length).fill(label)) };
};

const searchBothHeads: SearchRun = (run, slacks) =>
  searchHeads(headsOf(run.validation), run.validation.people, { slacks }).choices.map((choice) =>
    whereMet(choice, (rule) => onBoth(run, (set) => decide(headsOf(set), rule))),
  );

const searchOne: SearchRun = (run, slacks) =>
  searchOneThreshold(run.validation.f, run.validation.people, slacks).map((choice) =>
    whereMet(choice, ({ c }) => onBoth(run, ({ f }) => decideAbove(f, -c))),
  );

const searchPredicted: SearchRun = (run, slacks) => {
  const { f, people } = run.validation;
  const found = searchPredictedThresholds(f, decideAbove(headsOf(run.validation).g), people, { slacks });
  return found.map(({ thresholds }) =>
    thresholds === undefined
      ? undefined
      : onBoth(run, (set) => decideByGroup(set.f, decideAbove(headsOf(set).g), thresholds)),
  );
};

function whereMet<T>(choice: SlackChoice, use: (point: { b: number; c: number }) => T): T | undefined {
  return choice.met ? use(choice.point) : undefined;
}

/** Thresholds of true groups, from the ratio of rates that the unconstrained net has to equal rates. */
function walkRatios(runs: readonly FairRun[]): TradeOffPoint[] {
  const shares = Array.from({ length: curvePoints }, (_, at) => at / (curvePoints - 1));
  return shares.map((share, at) => ({
    method: 'thresholds of true groups',
    setting: `p = ${formatGap(share)} of the way to 1`,
    seeds: runs.map((run) => {
      const { f, people } = run.validation;
      const rates = measureDecisions(people, decideAbove(f)).groups.map(({ positive }) => positive);
      const [least = 0, most = 1] = [Math.min(...rates), Math.max(...rates)];
      const ratio = spaceRatios(most === 0 ? 1 : least / most, curvePoints)[at]!;
      const { thresholds } = walkThresholds(f, people, { ratio });
      return { seed: run.seed, ...onBoth(run, (set) => decideByGroup(set.f, set.people.a, thresholds)) };
    }),
  }));
}

function onBoth({ validation, test }: Pick<FairRun, 'validation' | 'test'>, decideOn: DecideOn): SetPoint {
  const standing = (set: ScoredPeople): Standing => {
    const { accuracy, ddp }: Measured = measureDecisions(set.people, decideOn(set));
    return { accuracy, ddp };
  };
  return { validation: standing(validation), test: standing(test) };
}
