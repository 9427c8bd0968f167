import type { Ending } from './failure.js';
import type { RunPaths } from './folder.js';
import { acquireLock } from './lock/lock.js';
import { RUN_SCHEMA } from './schema.js';
import { moveStatus, newStatus, readStatus, writeStatus } from './status.js';

/**
 * Notes the end of a process that could not do so itself. A run that another process has taken up, or
 * that was finished just before the end, stays as it is.
 */
export function settleCrash(paths: RunPaths, run: string, { state, error }: Ending): void {
  const status = readStatus(paths, run);
  if (status === undefined && state === 'interrupted') return;
  const attempt = acquireLock(paths.lock);
  if (!attempt.held) return;
  try {
    const current = readStatus(paths, run) ?? newStatus(run);
    if (current.schema !== RUN_SCHEMA) return;
    if (current.state === 'done' || (current.state === 'failed' && state === 'interrupted')) return;
    writeStatus(paths, moveStatus(current, state, { error }));
  } finally {
    attempt.lock.release();
  }
}
