// What the process of `profile` does.
import type { ExperimentConfig } from '../../config/index.js';
import type { ExitCode } from '../../core/errors.js';
import { readTextIfThere, writeFileAtomic } from '../../core/files.js';
import { sendEvent } from '../../launchers/child.js';
import { profileJob } from '../../protocols/profile.js';
import { judgeFailure } from '../../runs/failure.js';
import { dataFolderOf } from './data-folder.js';

/** What is to be profiled. */
export interface ProfileOrder {
  readonly run: string;
  readonly config: ExperimentConfig;
  /** The job's share of the cores. */
  readonly threads: number;
}

/** Profiles what `orderFile` says, writes the profile to `file` and tells the parent how it ended. */
export async function workOnProfile(orderFile: string, file: string, signal: AbortSignal): Promise<ExitCode> {
  const { run, config, threads } = JSON.parse(readTextIfThere(orderFile) ?? '') as ProfileOrder;
  const start = performance.now();
  try {
    const profile = await profileJob({
      config,
      threads,
      dataFolder: dataFolderOf(config),
      signal,
      begin: (backend) => void sendEvent({ type: 'started', run, backend, resumedFrom: 0 }),
    });
    writeFileAtomic(file, JSON.stringify(profile));
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
