import { type Summary, summarize } from '../../summary.js';
import { decide, decideAbove, type Measured, measureDecisions } from '../decisions.js';
import { type ChosenAndReported, chooseWithin } from '../fronts.js';
import { spaceRatios, walkThresholds } from '../rules/greedy-thresholds.js';
import { constantDecision, searchOneThreshold, searchPredictedThresholds } from '../rules/simple-rules.js';
import { decideByGroup } from '../rules/thresholds.js';
import { searchHeads } from '../search/search.js';
import type { SlackChoice } from '../search/slack-choice.js';
import {
  type ArmKind,
  armsOf,
  countGroups,
  type FairArm,
  type FairRun,
  headsOf,
  type ScoredPeople,
  seedsOf,
} from './arms.js';
import { certifyWithin } from './certified.js';
import {
  type DecideOn,
  type SearchRules,
  searchManyHeads,
  searchManyPredicted,
  searchManyThresholds,
} from './many-groups.js';

/** How people come to be decided about; thresholds of true groups alone need anybody's group when they decide. */
export const methods = [
  'unconstrained',
  'regularised',
  'two heads',
  'two heads, f > 0',
  'two heads, certified',
  'thresholds of predicted groups',
  'one threshold',
  'reweighed',
  'adversarial',
  'exponentiated gradient',
  'thresholds of true groups',
  'constant',
  'control: regularised on shuffled groups',
] as const;
export type Method = (typeof methods)[number];

/** One setting of a method on the people of one set. */
export interface Standing {
  readonly accuracy: number;
  /** Rate of group 1 minus that of group 0; of more than two groups the largest minus the smallest. */
  readonly ddp: number;
}

/** One setting of a method for one seed, chosen on validation. */
export interface SeedPoint {
  readonly seed: string;
  readonly validation: Standing;
  readonly test: Standing;
}

/** One setting of a method. */
export interface TradeOffPoint {
  readonly method: Method;
  /** `λ = 5`, `|DDP| ≤ 0.01`; empty where there is but one. */
  readonly setting: string;
  /** Of a certified rule, what its gap in the population is at most. */
  readonly bound?: number;
  readonly seeds: readonly SeedPoint[];
}

/** Gaps that a rule is asked to keep to, besides those of the curve. */
export const namedGaps = [0.01, 0.05, 0.1] as const;
/** Of the curve, whatever the unconstrained net has: OxonFair's demonstration asks for it. */
const otherGaps = [0.02] as const;
/** Points of a curve, at equal distances up to the gap of the unconstrained net. */
const curvePoints = 11;

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

/** What the gap is called: of two groups it has a sign. */
export function nameGap(arms: readonly FairArm[]): string {
  return countGroups(arms) > 2 ? 'gap' : '|DDP|';
}

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

/**
 * Slacks that rules are searched within: the named gaps and others, and more up to the mean gap of the unconstrained nets.
 * Of more than two groups the named ones: each takes a descent of seconds.
 */
export function listSlacks(arms: readonly FairArm[]): number[] {
  if (countGroups(arms) > 2) return [...namedGaps];
  const gaps = (armsOf(arms, 'unconstrained')[0]?.runs ?? []).map(({ validation: { people, f } }) =>
    Math.abs(measureDecisions(people, decideAbove(f)).ddp),
  );
  const most = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const curve = Array.from({ length: curvePoints - 1 }, (_, at) =>
    Number(((most * at) / curvePoints + 0.001).toFixed(3)),
  );
  return [...new Set([...(gaps.length === 0 ? [] : curve), ...namedGaps, ...otherGaps])].sort(
    (a, b) => a - b,
  );
}

/** The setting of a rule that keeps to a slack. */
export function nameSlack(slack: number, gap = '|DDP|'): string {
  return `${gap} ≤ ${formatGap(slack)}`;
}

/** The setting of a net that is drawn to parity. */
export function nameStrength(strength: number): string {
  return `λ = ${strength}`;
}

function formatGap(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** What a method reaches within a gap: its setting is chosen on validation for every seed, and reported at test. */
export interface WithinGap {
  readonly method: Method;
  readonly gap: number;
  readonly accuracy: Summary;
  readonly ddp: Summary;
  /** Seeds of which some setting keeps to the gap on validation, and all. */
  readonly met: number;
  readonly seeds: number;
}

/** Methods at the named gaps; a method that keeps to one for no seed is absent there. */
export function chooseWithinGaps(points: readonly TradeOffPoint[]): WithinGap[] {
  return namedGaps.flatMap((gap) =>
    methods.flatMap((method) => {
      const isCertified = method === 'two heads, certified';
      // What was certified of another bound says nothing of this one.
      const own = points.filter(({ method: other, bound = gap }) => other === method && bound === gap);
      const tried = isCertified ? points.filter((point) => point.method === 'two heads') : own;
      const seeds = [...new Set(tried.flatMap((point) => point.seeds.map(({ seed }) => seed)))];
      const chosen = seeds.flatMap((seed) => {
        const candidates = own.flatMap((point) => readSeed(point, seed));
        return chooseWithin(candidates, isCertified ? Number.POSITIVE_INFINITY : gap) ?? [];
      });
      const accuracy = summarize(chosen.map(({ test }) => test.accuracy));
      const ddp = summarize(chosen.map((point) => point.ddp));
      if (accuracy === undefined || ddp === undefined) return [];
      return [{ method, gap, accuracy, ddp, met: chosen.length, seeds: seeds.length }];
    }),
  );
}

function readSeed({ seeds }: TradeOffPoint, seed: string): (ChosenAndReported & { ddp: number })[] {
  const found = seeds.find((one) => one.seed === seed);
  if (found === undefined) return [];
  const tradeOff = ({ accuracy, ddp }: Standing) => ({ accuracy, disparity: Math.abs(ddp) });
  return [{ validation: tradeOff(found.validation), test: tradeOff(found.test), ddp: found.test.ddp }];
}
