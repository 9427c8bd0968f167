import { HeldoutError } from '../../core/errors.js';
import { runPaths } from '../../runs/folder.js';
import { acquireLock, describeHolder } from '../../runs/lock/lock.js';

/** Writes into a run's folder while nobody else does. Throws HeldoutError where another process has the run. */
export function writeBeside(folder: string, write: () => void): void {
  const attempt = acquireLock(runPaths(folder).lock);
  if (!attempt.held) {
    throw new HeldoutError({
      code: 'E_RUN_LOCKED',
      message: `this run is in the hands of ${describeHolder(attempt.holder)}`,
      place: folder,
      hints: ['wait until it has ended, then type the same again'],
      exitCode: 1,
    });
  }
  try {
    write();
  } finally {
    attempt.lock.release();
  }
}
