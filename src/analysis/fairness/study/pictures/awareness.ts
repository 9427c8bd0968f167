import { type Summary, summarize } from '../../../summary.js';
import { decideAbove, measureDecisions } from '../../decisions.js';
import { armsOf, type FairArm, type FairRun, seedsOf } from '../arms.js';

/** Test accuracy of probes for the protected variable, by the probe's name. */
export type ProbeAccuracies = Readonly<Record<string, number>>;

/** Nets of one strength: how fair they are, and how well a probe tells groups from their last hidden layer. */
export interface AwarenessPoint {
  /** Of the regulariser; 0 of unconstrained nets. */
  readonly strength: number;
  /** Of the net's own decisions, with its sign: rate of group 1 minus that of group 0. */
  readonly ddp: Summary;
  readonly accuracy: Summary;
}

/** The relation that claim A is about, at test. */
export interface Awareness {
  /** Weakest first. */
  readonly points: readonly AwarenessPoint[];
  /** What the accuracy is to be compared with, by the probe's name. */
  readonly baselines: ReadonlyMap<string, Summary>;
}

/**
 * Accuracy of the probe `probe` against the gap of the net it reads, for each strength. `probesOf` gives what was probed of
 * a run; runs without it are left out. Undefined where nothing was probed.
 */
export function traceAwareness(
  arms: readonly FairArm[],
  probesOf: (run: string) => ProbeAccuracies | undefined,
  { probe = 'logistic', baselines = ['majority', 'random-initialisation', 'raw-inputs'] } = {},
): Awareness | undefined {
  const shown = [...armsOf(arms, 'unconstrained'), ...armsOf(arms, 'regularised')];
  const read = shown.map((arm) => ({
    strength: arm.strength,
    runs: seedsOf(arms, arm).flatMap((run) => {
      const probes = probesOf(run.run);
      return probes?.[probe] === undefined ? [] : [{ run, probes, accuracy: probes[probe] }];
    }),
  }));
  const points = read.flatMap(({ strength, runs }): AwarenessPoint[] => {
    const accuracy = summarize(runs.map((one) => one.accuracy));
    const ddp = summarize(runs.map(({ run }) => gapOf(run)));
    return accuracy === undefined || ddp === undefined ? [] : [{ strength, ddp, accuracy }];
  });
  if (points.length === 0) return undefined;
  // Of one arm, so that a seed counts once: they do not depend on the regulariser.
  const first = read.find(({ runs }) => runs.length > 0)!.runs;
  const known = baselines.flatMap((name) => {
    const summary = summarize(first.flatMap(({ probes }) => probes[name] ?? []));
    return summary === undefined ? [] : [[name, summary] as const];
  });
  return { points, baselines: new Map(known) };
}

function gapOf({ test: { people, f } }: FairRun): number {
  return measureDecisions(people, decideAbove(f)).ddp;
}
