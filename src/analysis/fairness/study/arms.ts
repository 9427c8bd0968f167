import { type Summary, summarize } from '../../summary.js';
import { type HeadScores, measureDecisions } from '../decisions.js';
import type { FairAndHeads } from '../equivalence/approximation.js';
import type { People } from '../people.js';
import type { GroupHeadScores } from '../search/group-rules.js';

/** Scores of a run about the people of one set. */
export interface ScoredPeople {
  /** Who they are: the same number is the same person in every run. */
  readonly ids: Uint32Array;
  readonly people: People;
  /** Logit of the target; decisions are f > 0. */
  readonly f: Float64Array;
  /** Output of the group head less its threshold (group 1 where above 0), of a net with two heads. */
  readonly g: Float64Array | undefined;
  /** Of more than two groups, in place of g: outputs of a head for each, the largest of which tells the group. */
  readonly heads?: readonly Float64Array[] | undefined;
  /** What a linear probe of the net's own last hidden layer says of the group, above 0 for group 1; absent without. */
  readonly probe?: Float64Array | undefined;
}

/** Predictions of one run: everything is chosen on `validation` and reported on `test`. */
export interface FairRun {
  readonly run: string;
  readonly seed: string;
  readonly validation: ScoredPeople;
  readonly test: ScoredPeople;
}

/** How the runs of an arm were trained. */
export type ArmKind =
  | 'unconstrained'
  | 'regularised'
  | 'two_heads'
  | 'reweighed'
  | 'adversarial'
  | 'reductions';

/** Runs that differ in their seed alone. */
export interface FairArm {
  readonly kind: ArmKind;
  /** As tables call it. */
  readonly label: string;
  /** Of the regulariser, or of the adversary; the slack of reductions; 0 where there is none. */
  readonly strength: number;
  /** What g is given less by: 1/2 of a group head that is trained towards 0 and 1; else none, since g is a logit. */
  readonly threshold?: number;
  /** A negative control: groups were shuffled in training. */
  readonly shuffled: boolean;
  readonly runs: readonly FairRun[];
}

/** Both heads of a run with two. */
export function headsOf({ f, g }: ScoredPeople): HeadScores {
  if (g === undefined) throw new Error('this run has no group head');
  return { f, g };
}

/** The head of the target and one for each of more than two groups. */
export function groupHeadsOf({ f, heads }: ScoredPeople): GroupHeadScores {
  if (heads === undefined) throw new Error('this run has no head for each group');
  return { f, g: heads };
}

/** Groups of the people that arms are about; 2 where there are no arms. */
export function countGroups(arms: readonly FairArm[]): number {
  return arms[0]?.runs[0]?.test.people.groups ?? 2;
}

/** The arms of a kind that are no negative control, weakest first. */
export function armsOf(arms: readonly FairArm[], kind: ArmKind): FairArm[] {
  return arms.filter((arm) => arm.kind === kind && !arm.shuffled).sort((a, b) => a.strength - b.strength);
}

/** Runs of an arm with the seeds of the unconstrained nets: others are retrained twins, there to be compared with. */
export function seedsOf(arms: readonly FairArm[], { runs }: FairArm): readonly FairRun[] {
  const seeds = new Set(armsOf(arms, 'unconstrained').flatMap((arm) => arm.runs.map(({ seed }) => seed)));
  return seeds.size === 0 ? runs : runs.filter(({ seed }) => seeds.has(seed));
}

/** Pairs of runs about the same people: of the same seed if there is one. */
export function pairRuns(some: readonly FairRun[], others: readonly FairRun[]): [FairRun, FairRun][] {
  return some.flatMap((one): [FairRun, FairRun][] => {
    const same = others.filter((candidate) => candidate !== one && areSamePeople(one, candidate));
    const other = same.find(({ seed }) => seed === one.seed) ?? same[0];
    return other === undefined ? [] : [[one, other]];
  });
}

function areSamePeople(a: FairRun, b: FairRun): boolean {
  return (['validation', 'test'] as const).every((set) => {
    const [ids, others] = [a[set].ids, b[set].ids];
    return ids.length === others.length && ids.every((id, i) => id === others[i]);
  });
}

/** A fair net and a net with two heads, about the same people of a set. */
export function joinSets(fair: FairRun, heads: FairRun, set: 'validation' | 'test'): FairAndHeads {
  return { heads: headsOf(heads[set]), phi: fair[set].f, a: Uint8Array.from(fair[set].people.a) };
}

/** The strongest regularised arm with a net of another seed about the same people; of those without one, the strongest. */
export function strongestArm(arms: readonly FairArm[]): FairArm | undefined {
  const regularised = armsOf(arms, 'regularised');
  const retrained = regularised.filter(({ runs }) => pairRuns(runs, runs).length > 0);
  return retrained.at(-1) ?? regularised.at(-1);
}

/** Seeds of an arm's runs in order, each once: of the unconstrained nets where there are any, else of all. */
export function listSeeds(arms: readonly FairArm[]): string[] {
  const free = armsOf(arms, 'unconstrained');
  const seeds = (free.length > 0 ? free : arms).flatMap(({ runs }) => runs.map(({ seed }) => seed));
  return [...new Set(seeds)].sort((a, b) => Number(a) - Number(b));
}

/** Gap of the labels themselves at test, over the seeds of the unconstrained nets, or of all where there are none. */
export function gapOfLabels(arms: readonly FairArm[]): Summary | undefined {
  const runs = arms.flatMap((arm) => arm.runs);
  const gaps = listSeeds(arms).flatMap((seed) => {
    const people = runs.find((run) => run.seed === seed)?.test.people;
    return people === undefined ? [] : [measureDecisions(people, people.y).ddp];
  });
  return summarize(gaps);
}
