// What the processes of `profile` and of trials do: they measure, and make no run.
import type { ExperimentConfig } from '../../config/index.js';
import type { ExitCode } from '../../core/errors.js';
import { readTextIfThere, writeFileAtomic } from '../../core/files.js';
import { sendEvent } from '../../launchers/child.js';
import { profileJob } from '../../protocols/profile.js';
import { measureProbe, type Probe } from '../../protocols/trial.js';
import { judgeFailure } from '../../runs/failure.js';
import { dataFolderOf } from './data-folder.js';

/** What is to be profiled. */
export interface ProfileOrder {
  readonly task: 'profile';
  readonly run: string;
  readonly config: ExperimentConfig;
  /** The job's share of the cores. */
  readonly threads: number;
}

/** What is to be tried. */
export interface TrialOrder {
  readonly task: 'trial';
  readonly run: string;
  readonly config: ExperimentConfig;
  readonly probe: Probe;
}

/** Does what `orderFile` says, writes what it finds to `file` and tells the parent how it ended. */
export async function workOnOrder(orderFile: string, file: string, signal: AbortSignal): Promise<ExitCode> {
  const order = JSON.parse(readTextIfThere(orderFile) ?? '') as ProfileOrder | TrialOrder;
  const { run, config } = order;
  const start = performance.now();
  const context = {
    dataFolder: dataFolderOf(config),
    signal,
    begin: (backend: string) => void sendEvent({ type: 'started', run, backend, resumedFrom: 0 }),
  };
  try {
    const found =
      order.task === 'profile'
        ? await profileJob({ ...context, config, threads: order.threads })
        : await measureProbe({ ...context, config, probe: order.probe });
    writeFileAtomic(file, JSON.stringify(found));
    await sendEvent({ type: 'finished', run, seconds: (performance.now() - start) / 1000 });
    return 0;
  } catch (thrown) {
    if (signal.aborted && thrown === signal.reason) {
      await sendEvent({ type: 'interrupted', run });
      return 130;
    }
    const { state, error } = judgeFailure(thrown);
    await sendEvent({ type: state, run, error });
    return 1;
  }
}
