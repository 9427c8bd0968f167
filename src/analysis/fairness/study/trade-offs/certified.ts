import { shuffle } from '../../../../random/draw.js';
import { stream } from '../../../../random/stream.js';
import { chooseGroupRows, searchCertifiedGroups } from '../../bounds/certified-groups.js';
import { chooseRows, searchCertified } from '../../bounds/certified-search.js';
import type { PopulationGap } from '../../bounds/population-gap.js';
import { decide } from '../../decisions.js';
import { groupSize, listGroups, type People } from '../../people.js';
import { decideGroups } from '../../search/group-rules.js';
import { armsOf, type FairArm, type FairRun, groupHeadsOf, headsOf } from '../arms.js';
import type { DecideOn } from './many-groups.js';
import { remember } from './remember.js';

/** With it, the gap of a certified rule in the population is at most the limit; for each seed and limit by itself. */
export const confidence = 0.95;

/** What could be certified of a net with two heads (or one for each group) at one limit. */
export interface Certified {
  readonly run: FairRun;
  readonly gap: number;
  /** Undefined where these people are too few, or no rule is fair enough. */
  readonly decideOn: DecideOn | undefined;
  /** People of the half that certifies. */
  readonly people: number;
  /** Where it is not certified and both halves have every group. */
  readonly refused?: {
    /** What the gap of the fairest rule could be bounded by. */
    readonly bound: number;
    /** How many people it would take if the rule had no gap at all. */
    readonly needed: number;
  };
}

/** For every two-headed run and limit: rules are chosen on one half of validation, and certified on the other. */
export function certifyWithin(arms: readonly FairArm[], gaps: readonly number[]): Certified[] {
  const runs = armsOf(arms, 'two_heads').flatMap((arm) => arm.runs);
  return gaps.flatMap((gap) => runs.map((run) => certify(run, gap)));
}

const certify = remember(certifyRun);

function certifyRun(run: FairRun, gap: number): Certified {
  const { people } = run.validation;
  const [choosing, certifying] = splitHalves(people);
  const facts = { run, gap, people: certifying.length };
  // A rate of nobody has no bound.
  if (listGroups(people.groups).some((group) => groupSize(people.sizes, group) < 2)) {
    return { ...facts, decideOn: undefined };
  }
  if (people.groups > 2) {
    const all = { heads: groupHeadsOf(run.validation), people };
    const halves = [chooseGroupRows(all, choosing), chooseGroupRows(all, certifying)] as const;
    const result = searchCertifiedGroups(...halves, gap, confidence);
    if (!result.certified) return { ...facts, decideOn: undefined, refused: refuse(result) };
    return { ...facts, decideOn: (set) => decideGroups(groupHeadsOf(set), result.rule) };
  }
  const all = { heads: headsOf(run.validation), people };
  const options = { slack: gap, confidence };
  const result = searchCertified(chooseRows(all, choosing), chooseRows(all, certifying), options);
  if (!result.certified) return { ...facts, decideOn: undefined, refused: refuse(result) };
  return { ...facts, decideOn: (set) => decide(headsOf(set), result.rule) };
}

const refuse = ({ gap, needed }: { readonly gap: PopulationGap; readonly needed: number }) => ({
  bound: gap.bound,
  needed,
});

/** Halves that have every group of two or more people; who is in which is drawn, the same every time. */
function splitHalves({ a, count, groups }: People): readonly [Uint32Array, Uint32Array] {
  const drawn = shuffle(
    stream(0, 'halves of validation'),
    Uint32Array.from({ length: count }, (_, i) => i),
  );
  const seen = new Uint32Array(groups);
  const halves: [number[], number[]] = [[], []];
  for (const person of drawn) halves[(seen[a[person]!]!++ % 2) as 0 | 1].push(person);
  return [Uint32Array.from(halves[0]), Uint32Array.from(halves[1])];
}
