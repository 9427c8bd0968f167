import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExperimentConfig } from '../../config/index.js';
import { readTextIfThere, writeFileAtomic } from '../../core/files/files.js';
import type { Batch } from '../../launchers/launcher.js';
import { launchLocal } from '../../launchers/local.js';
import type { SignalWatch } from '../../launchers/signals.js';
import type { Measured, Probe } from '../../protocols/trial.js';
import type { PlannedJob } from '../../sweeps/plan.js';
import { jobCommand } from './launch-jobs.js';
import type { TrialOrder } from './order-work.js';
import { rememberTrial, type Trial } from './trials.js';

/** A process that takes longer is given up. */
const mostSeconds = 120;

/** Makes the trial, one process after the other, and remembers what it finds. Returns why it failed, if it did. */
export async function makeTrial(trial: Trial, signals: StopSignals): Promise<string | undefined> {
  const measured: Measured[] = [];
  for (const probe of trial.probes) {
    const found = await measure(trial.jobs[0], probe, signals);
    if (typeof found === 'string') return found;
    measured.push(...found);
  }
  rememberTrial(trial, measured);
  return undefined;
}

type StopSignals = Pick<SignalWatch, 'stop' | 'kill'>;

/** What the probe's process measured, or why it did not. */
async function measure(
  { run, label, config }: PlannedJob,
  probe: Probe,
  signals: StopSignals,
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
