import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Summary } from '../../launchers/launcher.js';
import { type LaunchRequest, launchJobs } from './launch-jobs.js';

export interface InTurn<Result>
  extends Pick<LaunchRequest, 'progress'>,
    Partial<Pick<LaunchRequest, 'total' | 'done'>> {
  /** Names the temporary folder. */
  readonly name: string;
  /** Writes what the jobs are told. */
  prepare(temporary: string): Pick<LaunchRequest, 'batches' | 'words' | 'launchFile'>;
  /** Makes something of how they ended, while the temporary folder is still there. */
  finish(summary: Summary, temporary: string): Result;
}

/**
 * Runs jobs one after the other outside of their study, each in a process of its own: that is where TensorFlow is. What
 * their folders say of their state stays. The temporary folder is removed, however they end.
 */
export async function launchInTurn<Result>(request: InTurn<Result>): Promise<Result> {
  const { name, progress, prepare, finish } = request;
  const temporary = mkdtempSync(join(tmpdir(), `heldout-${name}-`));
  try {
    const prepared = prepare(temporary);
    const { total = prepared.batches.length, done = 0 } = request;
    const how = { launcher: 'local', concurrency: 1, keepStates: true } as const;
    return finish(await launchJobs({ ...prepared, ...how, progress, total, done }), temporary);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
