import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExperimentConfig } from '../../config/index.js';
import { recallChoice, rememberChoice } from '../../core/choices.js';
import { readTextIfThere, writeFileAtomic } from '../../core/files.js';
import type { Json } from '../../core/json.js';
import type { Batch } from '../../launchers/launcher.js';
import { launchLocal } from '../../launchers/local.js';
import { watchSignals } from '../../launchers/signals.js';
import type { Measured, Probe } from '../../protocols/trial.js';
import { stepKey } from '../../sweeps/batches.js';
import type { PlannedJob } from '../../sweeps/plan.js';
import { jobCommand } from './launch-jobs.js';
import type { TrialOrder } from './order-work.js';

/** A trial of the step that some jobs have in common. */
export interface Trial {
  readonly jobs: readonly [PlannedJob, ...PlannedJob[]];
  /** A process each. */
  readonly probes: readonly Probe[];
  /** Of TensorFlow. */
  readonly version: string;
}

/** A process that takes longer is given up. */
const mostSeconds = 120;

/** What the trial of such a step found on this machine; undefined where it was not made. */
export function recallTrial(trial: Trial): readonly Measured[] | undefined {
  const found = recallChoice(circumstancesOf(trial));
  return Array.isArray(found) ? (found as unknown as readonly Measured[]) : undefined;
}

/**
 * Makes the trial, one process after the other, and remembers what it finds.
 * @returns Why it failed, or `stopped` where someone asked for that; undefined where all went well.
 */
export async function makeTrial(trial: Trial): Promise<'stopped' | { readonly why: string } | undefined> {
  const signals = watchSignals();
  const measured: Measured[] = [];
  try {
    for (const probe of trial.probes) {
      const found = await measure(trial.jobs[0], probe, signals);
      if (signals.stop.aborted) return 'stopped';
      if (typeof found === 'string') return { why: found };
      measured.push(...found);
    }
  } finally {
    signals.dispose();
  }
  rememberChoice(circumstancesOf(trial), measured as unknown as Json);
  return undefined;
}

/** What the probe's process measured, or why it did not. */
async function measure(
  { run, label, config }: PlannedJob,
  probe: Probe,
  signals: Pick<ReturnType<typeof watchSignals>, 'stop' | 'kill'>,
): Promise<readonly Measured[] | string> {
  const folder = mkdtempSync(join(tmpdir(), 'heldout-trial-'));
  try {
    const [orderFile, found] = [join(folder, 'order.json'), join(folder, 'found.json')];
    const order: TrialOrder = {
      task: 'trial',
      run,
      config: config as unknown as ExperimentConfig,
      probe,
    };
    writeFileAtomic(orderFile, JSON.stringify(order));
    const batch: Batch = [{ index: 0, run, label, folder }];
    const late = AbortSignal.timeout(mostSeconds * 1000);
    const { results } = await launchLocal([batch], {
      command: () => jobCommand(orderFile, batch, ['order', found]),
      concurrency: 1,
      onEvent: () => {},
      stop: signals.stop,
      kill: AbortSignal.any([signals.kill, late]),
      keepStates: true,
    });
    if (late.aborted) return `it took longer than ${mostSeconds} s`;
    const { outcome, error } = results[0]!;
    const text = outcome === 'done' ? readTextIfThere(found) : undefined;
    return text === undefined ? (error?.message ?? 'its process said nothing') : JSON.parse(text);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function circumstancesOf({ jobs, probes, version }: Trial) {
  return { step: stepKey(jobs[0]), probes, version, machine: [cpus()[0]?.model ?? '', cpus().length] };
}
