import type { ExperimentConfig } from '../../config/index.js';
import { formatDuration } from '../../core/clock.js';
import { watchSignals } from '../../launchers/signals.js';
import { usualReplicas } from '../../sweeps/batches.js';
import { estimateSeconds } from '../../sweeps/estimate.js';
import type { PlannedJob } from '../../sweeps/plan.js';
import { printNotice } from '../output/print.js';
import { describeTrial } from './describe-trials.js';
import type { CoreShares } from './share-cores.js';
import type { Trial } from './trials.js';

/** Wall seconds of training below which it is over before a trial has paid: each of its processes takes some 5. */
const worthwhileSeconds = 120;

/** The trials that pay for what is to be done. */
export function listTrials(
  { trials, concurrency }: CoreShares,
  chosen: readonly PlannedJob[],
  facts: { readonly resultsFolder: string; readonly backend: string },
): readonly Trial[] {
  const runs = new Set(chosen.map(({ run }) => run));
  return trials.filter(({ jobs }) => {
    const left = jobs.filter(({ run }) => runs.has(run));
    if (left.length === 0) return false;
    // Whether one is due follows from the plan, as threads do: an interrupted study goes on as it began.
    const all = jobs.map((job) => ({ job }));
    return estimateSeconds(all, { ...facts, concurrency }).seconds >= worthwhileSeconds;
  });
}

/** Makes them, or says why not: then the cores are divided as without. */
export async function makeTrials(trials: readonly Trial[]): Promise<'stopped' | undefined> {
  if (trials.length === 0) return undefined;
  const { makeTrial } = await import('./trial-processes.js');
  const signals = watchSignals();
  try {
    for (const trial of trials) {
      printNotice(`trying ${describeTrial(trial)}`);
      const why = await makeTrial(trial, signals);
      if (signals.stop.aborted) return 'stopped';
      if (why !== undefined)
        printNotice(`notice: the trial failed, the cores are divided without it: ${why}`);
    }
    return undefined;
  } finally {
    signals.dispose();
  }
}

/** What was found, what is to be tried before the first job (`due`), and why there is no trial. */
export function describeChoices(
  { engine, replicas }: Pick<ExperimentConfig, 'engine' | 'replicas'>,
  { findings, trials }: CoreShares,
  due: readonly Trial[],
): readonly string[] {
  const announced = due.map((one) => `before that a trial, a few seconds each, of ${describeTrial(one)}`);
  const known = [...findings, ...announced];
  if (replicas !== 'auto' || known.length > 0) return known;
  if (!engine.deterministic && trials.length === 0) return [];
  const why = engine.deterministic
    ? 'engine.deterministic allows none'
    : `training takes less than ${formatDuration(worthwhileSeconds)}, or the trial failed`;
  return [`replicas=auto takes up to ${usualReplicas} without a trial: ${why}`];
}
