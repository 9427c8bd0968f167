import { HeldoutError } from '../core/errors.js';
import type { FailureReport } from '../core/events.js';
import { explainFileError, isSystemError } from '../core/files/file-errors.js';

/** What a parent, `status.json` and a table's footnote need to know of an error. */
export function reportFailure(thrown: unknown): FailureReport {
  const error = isSystemError(thrown)
    ? explainFileError(thrown, thrown.path ?? thrown.syscall ?? '')
    : thrown;
  if (error instanceof HeldoutError) {
    const message = error.place === undefined ? error.message : `${error.place}: ${error.message}`;
    return { code: error.code, message, hints: error.hints };
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { code: 'E_INTERNAL', message, hints: [] };
}

/** How an attempt ended that did not end well. */
export interface Ending {
  readonly state: 'failed' | 'interrupted';
  readonly error: FailureReport;
}

/** Files, data, locks and engines: not the run itself. A loss that no gradient reaches is the run's own. */
const surroundings = /^E_(FILE|DATA|LOCK)_|^E_ENGINE_(TENSORFLOW|RESUME|STARTED)$/;

/**
 * A run fails by what it does. Where the surroundings failed (a full disk, a missing file, an engine that does
 * not start) it is interrupted, so that the same command continues it once they are in order.
 */
export function judgeFailure(thrown: unknown): Ending {
  const error = reportFailure(thrown);
  return { state: surroundings.test(error.code) ? 'interrupted' : 'failed', error };
}
