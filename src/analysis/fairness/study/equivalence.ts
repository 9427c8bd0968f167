import { type Summary, summarize } from '../../summary.js';
import { decideAbove, measureDecisions } from '../decisions.js';
import { type Agreement, agreementOf, approximateFair } from '../equivalence/approximation.js';
import { type NonInferiority, testNonInferiority } from '../equivalence/non-inferiority.js';
import { type Recovered, recoverUnfair } from '../equivalence/recovery.js';
import {
  armsOf,
  type FairArm,
  type FairRun,
  headsOf,
  joinSets,
  pairRuns,
  type ScoredPeople,
  seedsOf,
} from './arms.js';

/** Whether fair nets of one strength decide as two heads do; all of it at test, chosen on validation. */
export interface Equivalence {
  readonly strength: number;
  /** Share of people about whom an approximation decides as the fair net does. */
  readonly agreement: {
    readonly raw: Summary;
    readonly offset: Summary;
    readonly trueGroup: Summary;
    readonly bothHeads: Summary;
    /** With a fair net of another seed, where there is one about the same people. */
    readonly retrained: Summary | undefined;
    /** With both heads of nets whose second head learned shuffled groups, where there are any. */
    readonly control: Summary | undefined;
    /** With the target's head alone of those nets: what the shuffled head adds to. */
    readonly controlOffset: Summary | undefined;
  };
  /** Weight of g by weight of f in the line through both. */
  readonly ratio: Summary | undefined;
  /** Of both heads to retraining. */
  readonly nonInferiority: NonInferiority | undefined;
  /** What becomes of accuracy and gap where accuracy alone counts. */
  readonly recovery: Readonly<Record<'fair' | 'offset' | 'withHead', AccuracyAndGap>> & {
    readonly unconstrained: AccuracyAndGap | undefined;
    /** With a linear probe of the fair net's own last hidden layer, where every run has one. */
    readonly withProbe: AccuracyAndGap | undefined;
    /** With the head that learned shuffled groups. */
    readonly control: AccuracyAndGap | undefined;
  };
}

export interface AccuracyAndGap {
  readonly accuracy: Summary;
  readonly ddp: Summary;
}

/** One for each strength of the regulariser; empty where no net has two heads. */
export function testEquivalence(arms: readonly FairArm[]): Equivalence[] {
  const twoHeads = armsOf(arms, 'two_heads').flatMap(({ runs }) => runs);
  const shuffled = arms
    .filter(({ kind, shuffled: own }) => kind === 'two_heads' && own)
    .flatMap(({ runs }) => runs);
  const free = armsOf(arms, 'unconstrained').flatMap(({ runs }) => runs);
  return armsOf(arms, 'regularised').flatMap((arm) => {
    const { strength, runs } = arm;
    const compared = seedsOf(arms, arm);
    const pairs = pairRuns(compared, twoHeads);
    if (pairs.length === 0) return [];
    const approximations = pairs.map(([fair, heads]) =>
      approximateFair(joinSets(fair, heads, 'validation'), joinSets(fair, heads, 'test')),
    );
    const retrained = pairs.flatMap(([fair], at) => {
      const twin = pairRuns([fair], runs)[0]?.[1];
      if (twin === undefined) return [];
      const ceiling = agreementOf(decideAbove(twin.test.f), decideAbove(fair.test.f));
      return [{ people: fair.test.ids, approximation: approximations[at]!.bothHeads.each, ceiling }];
    });
    const controls = pairRuns(compared, shuffled).map(([fair, heads]) =>
      approximateFair(joinSets(fair, heads, 'validation'), joinSets(fair, heads, 'test')),
    );
    const share = (of: (index: number) => Agreement) =>
      summarize(approximations.map((_, index) => of(index).share))!;
    return [
      {
        strength,
        agreement: {
          raw: share((at) => approximations[at]!.raw),
          offset: share((at) => approximations[at]!.offset),
          trueGroup: share((at) => approximations[at]!.trueGroup),
          bothHeads: share((at) => approximations[at]!.bothHeads),
          retrained: summarize(retrained.map(({ ceiling }) => ceiling.share)),
          control: summarize(controls.map(({ bothHeads }) => bothHeads.share)),
          controlOffset: summarize(controls.map(({ offset }) => offset.share)),
        },
        ratio: summarize(approximations.flatMap(({ ratio }) => ratio ?? [])),
        nonInferiority:
          retrained.length === 0
            ? undefined
            : testNonInferiority(retrained.map((block) => ({ ...block, ceiling: block.ceiling.each }))),
        recovery: recover(pairs, pairRuns(compared, shuffled), free),
      },
    ];
  });
}

type SetName = 'validation' | 'test';
type Pairs = readonly (readonly [fair: FairRun, heads: FairRun])[];

function recover(pairs: Pairs, shuffled: Pairs, free: readonly FairRun[]): Equivalence['recovery'] {
  const recoverBy = (fair: FairRun, read: (set: SetName) => Float64Array) => {
    const set = (name: SetName) => ({
      heads: { f: fair[name].f, g: read(name) },
      people: fair[name].people,
    });
    return recoverUnfair(set('validation'), set('test'));
  };
  const of = ([fair, heads]: Pairs[number]) => recoverBy(fair, (name) => headsOf(heads[name]).g);
  const found = pairs.map(of);
  const probed = pairs.flatMap(([fair]) => {
    const { validation, test } = fair;
    if (validation.probe === undefined || test.probe === undefined) return [];
    const probes = { validation: validation.probe, test: test.probe };
    return recoverBy(fair, (name) => probes[name]).withHead.measured;
  });
  const beside = pairRuns(
    pairs.map(([fair]) => fair),
    free,
  ).map(([, run]) => measureAsTrained(run.test));
  return {
    fair: summarizeAll(found.map(({ fair }) => fair.measured))!,
    offset: summarizeAll(found.map(({ offset }) => offset.measured))!,
    withHead: summarizeAll(found.map(({ withHead }) => withHead.measured))!,
    withProbe: probed.length === pairs.length ? summarizeAll(probed) : undefined,
    unconstrained: summarizeAll(beside),
    control: summarizeAll(shuffled.map((pair) => of(pair).withHead.measured)),
  };
}

function measureAsTrained({ people, f }: ScoredPeople): Recovered['measured'] {
  return measureDecisions(people, decideAbove(f));
}

function summarizeAll(
  measured: readonly Pick<Recovered['measured'], 'accuracy' | 'ddp'>[],
): AccuracyAndGap | undefined {
  const accuracy = summarize(measured.map((one) => one.accuracy));
  const ddp = summarize(measured.map((one) => one.ddp));
  return accuracy === undefined || ddp === undefined ? undefined : { accuracy, ddp };
}
