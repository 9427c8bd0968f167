import { decideAbove, type HeadRule, type Measured, measureDecisions } from '../decisions.js';
import { approximateFair } from '../equivalence/approximation.js';
import { type Flips, listFlips } from '../individuals/flips.js';
import { type MatchedGap, measureMatchedGap } from '../individuals/matched-gap.js';
import { meansOfHead, type SwapTest, swapGroups } from '../individuals/swap-test.js';
import { searchHeads } from '../search/search.js';
import { armsOf, type FairArm, type FairRun, headsOf, joinSets, pairRuns, seedsOf } from './arms.js';
import { listSlacks, nameSlack, nameStrength } from './trade-offs/methods.js';

/** A way of deciding at one setting, and whom it decides about otherwise than f > 0 does. */
export interface Way {
  readonly method: 'two heads' | 'regularised';
  /** Of two heads the slack on validation, of regularised nets λ. */
  readonly value: number;
  /** As trade-offs name it. */
  readonly setting: string;
  /** Seeds for which nothing keeps to the slack are left out. */
  readonly seeds: readonly DecidedSeed[];
}

/** What one run decides about the people of its test set. */
export interface DecidedSeed {
  readonly seed: string;
  readonly validation: Measured;
  readonly test: Measured;
  /** The net whose f > 0 is the unconstrained decision: of two heads the net itself. */
  readonly free: FairRun;
  /** Decisions are > 0, `[test people]`. */
  readonly scores: Float64Array;
  readonly flips: Flips;
  /** Of two heads alone: other nets cannot be asked. */
  readonly swap: SwapTest | undefined;
  readonly matched: MatchedGap;
  /** The rule in terms of f and g, where there is one. */
  readonly reading: RuleReading | undefined;
}

/** A rule f + b g + c > 0, and what is needed to say what it means. */
export interface RuleReading {
  /** The net with these heads. */
  readonly heads: FairRun;
  readonly rule: HeadRule;
  /** Mean of g over group 0 and group 1 on validation. */
  readonly means: readonly [number, number];
  /**
   * Share of test people about whom it decides as the net. Below 1 where it is the line through both heads of another
   * net that comes nearest to a regularised one (claim C1).
   */
  readonly agreement: number;
}

/** Two heads at every slack, and regularised nets at every strength. */
export function traceWays(arms: readonly FairArm[]): Way[] {
  const twoHeads = armsOf(arms, 'two_heads').flatMap(({ runs }) => runs);
  const free = armsOf(arms, 'unconstrained').flatMap(({ runs }) => runs);
  const slacks = listSlacks(arms);
  const found = twoHeads.map((run) => decideWithin(run, slacks));
  const explicit = slacks.map((slack, at): Way => {
    const seeds = found.flatMap((settings) => settings[at] ?? []);
    return { method: 'two heads', value: slack, setting: nameSlack(slack), seeds };
  });
  const implicit = armsOf(arms, 'regularised').map((arm): Way => {
    const seeds = pairRuns(seedsOf(arms, arm), free).map(([fair, other]) =>
      decideAsTrained(fair, other, pairRuns([fair], twoHeads)[0]?.[1]),
    );
    return { method: 'regularised', value: arm.strength, setting: nameStrength(arm.strength), seeds };
  });
  return [...explicit, ...implicit].filter(({ seeds }) => seeds.length > 0);
}

/** Decisions of both heads of a net within each slack; undefined where nothing keeps to it. */
function decideWithin(run: FairRun, slacks: readonly number[]): (DecidedSeed | undefined)[] {
  const heads = { validation: headsOf(run.validation), test: headsOf(run.test) };
  const means = meansOfHead(heads.validation.g, run.validation.people);
  const scoresOf = ({ f, g }: typeof heads.test, { b, c }: HeadRule) =>
    f.map((score, i) => score + b * g[i]! + c);
  return searchHeads(heads.validation, run.validation.people, { slacks }).choices.map((choice) => {
    if (!choice.met) return undefined;
    const { b, c } = choice.point;
    const rule = { b, c };
    return {
      ...describe(run, run, scoresOf(heads.validation, rule), scoresOf(heads.test, rule)),
      swap: swapGroups(heads.test, run.test.people, rule, means),
      reading: { heads: run, rule, means, agreement: 1 },
    };
  });
}

function decideAsTrained(fair: FairRun, free: FairRun, heads: FairRun | undefined): DecidedSeed {
  const seed = describe(fair, free, fair.validation.f, fair.test.f);
  if (heads === undefined) return { ...seed, swap: undefined, reading: undefined };
  const { rule, bothHeads } = approximateFair(
    joinSets(fair, heads, 'validation'),
    joinSets(fair, heads, 'test'),
  );
  if (rule === undefined) return { ...seed, swap: undefined, reading: undefined };
  const means = meansOfHead(headsOf(heads.validation).g, heads.validation.people);
  return { ...seed, swap: undefined, reading: { heads, rule, means, agreement: bothHeads.share } };
}

function describe(
  run: FairRun,
  free: FairRun,
  onValidation: Float64Array,
  scores: Float64Array,
): Omit<DecidedSeed, 'swap' | 'reading'> {
  const { people } = run.test;
  const after = decideAbove(scores);
  return {
    seed: run.seed,
    validation: measureDecisions(run.validation.people, decideAbove(onValidation)),
    test: measureDecisions(people, after),
    free,
    scores,
    flips: listFlips(people, decideAbove(free.test.f), after),
    matched: measureMatchedGap(free.test.f, people, after),
  };
}
