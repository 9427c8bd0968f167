import { type Summary, summarize } from '../../summary.js';
import { decide, decideAbove, type HeadRule } from '../decisions.js';
import { listFlips, measureBand } from '../individuals/flips.js';
import { measureMatchedGap } from '../individuals/matched-gap.js';
import { meansOfHead, swapGroups } from '../individuals/swap-test.js';
import { walkThresholds } from '../rules/greedy-thresholds.js';
import { searchHeads } from '../search/search.js';
import { armsOf, type FairArm, type FairRun, headsOf, pairRuns, seedsOf } from './arms.js';
import { namedGaps } from './trade-offs/methods.js';

/** Shares of a group at test. */
export interface TreatedGroup {
  /** Positive under the net's own f > 0 (of a regularised net: the unconstrained net's), negative now. */
  readonly rejected: Summary;
  readonly accepted: Summary;
  /** Against the intended direction. */
  readonly other: Summary;
  /** Decided otherwise if the group head saw the mean of the other group; of two heads alone. */
  readonly swapped: Summary | undefined;
}

/** Whom a way of deciding treats differently. */
export interface Treatment {
  /** `two heads, |DDP| ≤ 0.01`, `regularised, λ = 10`. */
  readonly way: string;
  /** Group 0 and group 1. */
  readonly groups: readonly [TreatedGroup, TreatedGroup];
  /** Rate of group 1 minus group 0 among people of like unconstrained score. */
  readonly matchedGap: Summary | undefined;
}

/** People between the thresholds of the groups, by share of group 0 and of group 1: only their group decides. */
export interface BandFacts {
  readonly shares: readonly [Summary, Summary];
}

/** Who is decided about differently by two heads at each named gap, and by nets of each strength. */
export function listTreatments(arms: readonly FairArm[]): Treatment[] {
  const twoHeads = armsOf(arms, 'two_heads').flatMap(({ runs }) => runs);
  const free = armsOf(arms, 'unconstrained').flatMap(({ runs }) => runs);
  const own = namedGaps.flatMap((gap) => {
    const seeds = twoHeads.flatMap((run) => {
      const rule = chooseRule(run, gap);
      return rule === undefined ? [] : [treatByRule(run, rule)];
    });
    return summarizeTreatment(`two heads, |DDP| ≤ ${gap}`, seeds);
  });
  const blind = summarizeTreatment(
    'unconstrained, f > 0',
    free.map((run) => treat(run, decideAbove(run.test.f), run.test.f)),
  );
  const regularised = armsOf(arms, 'regularised').flatMap((arm) =>
    summarizeTreatment(
      `regularised, λ = ${arm.strength}`,
      pairRuns(seedsOf(arms, arm), free).map(([fair, other]) =>
        treat(fair, decideAbove(fair.test.f), other.test.f),
      ),
    ),
  );
  return [...blind, ...own, ...regularised];
}

/** Between the thresholds of true groups at equal rates; undefined without unconstrained nets. */
export function measureThresholdBand(arms: readonly FairArm[]): BandFacts | undefined {
  const bands = armsOf(arms, 'unconstrained')
    .flatMap(({ runs }) => runs)
    .map(({ validation, test }) => {
      const { thresholds } = walkThresholds(validation.f, validation.people, { ratio: 1 });
      return measureBand(test.f, test.people, thresholds).shares;
    });
  const [first, second] = [0, 1].map((group) => summarize(bands.map((shares) => shares[group as 0 | 1])));
  return first === undefined || second === undefined ? undefined : { shares: [first, second] };
}

/** The rule of two heads within a gap, chosen on validation; undefined where nothing keeps to it. */
export function chooseRule({ validation }: FairRun, gap: number): HeadRule | undefined {
  const [choice] = searchHeads(headsOf(validation), validation.people, { slacks: [gap] }).choices;
  return choice?.met ? { b: choice.point.b, c: choice.point.c } : undefined;
}

interface SeedTreatment {
  readonly groups: readonly {
    rejected: number;
    accepted: number;
    other: number;
    swapped: number | undefined;
  }[];
  readonly matchedGap: number | undefined;
}

function treatByRule(run: FairRun, rule: HeadRule): SeedTreatment {
  const heads = headsOf(run.test);
  const means = meansOfHead(headsOf(run.validation).g, run.validation.people);
  const { shares } = swapGroups(heads, run.test.people, rule, means);
  const { groups, matchedGap } = treat(run, decide(heads, rule), run.test.f);
  return { matchedGap, groups: groups.map((group, at) => ({ ...group, swapped: shares[at as 0 | 1] })) };
}

/** @param scores of the unconstrained decisions. */
function treat({ test: { people } }: FairRun, decisions: Uint8Array, scores: Float64Array): SeedTreatment {
  const { groups } = listFlips(people, decideAbove(scores), decisions);
  return {
    groups: groups.map(({ size, rejected, accepted, other }) => ({
      rejected: rejected / size,
      accepted: accepted / size,
      other: other / size,
      swapped: undefined,
    })),
    matchedGap: measureMatchedGap(scores, people, decisions).gap,
  };
}

function summarizeTreatment(way: string, seeds: readonly SeedTreatment[]): Treatment[] {
  if (seeds.length === 0) return [];
  const group = (at: 0 | 1): TreatedGroup => {
    const share = (of: 'rejected' | 'accepted' | 'other') =>
      summarize(seeds.map(({ groups }) => groups[at]![of]))!;
    return {
      rejected: share('rejected'),
      accepted: share('accepted'),
      other: share('other'),
      swapped: summarize(seeds.flatMap(({ groups }) => groups[at]!.swapped ?? [])),
    };
  };
  const matchedGap = summarize(seeds.flatMap((seed) => seed.matchedGap ?? []));
  return [{ way, groups: [group(0), group(1)], matchedGap }];
}
