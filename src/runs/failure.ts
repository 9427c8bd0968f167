import { HeldoutError } from '../core/errors.js';
import type { FailureReport } from '../core/events.js';

/** What a parent, `status.json` and a table's footnote need to know of an error. */
export function reportFailure(error: unknown): FailureReport {
  if (error instanceof HeldoutError) {
    const message = error.place === undefined ? error.message : `${error.place}: ${error.message}`;
    return { code: error.code, message, hints: error.hints };
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { code: 'E_INTERNAL', message, hints: [] };
}

/**
 * Whether the surroundings failed rather than the run (a full disk, a missing permission): such a run is
 * interrupted, so that the same command continues it once there is space.
 */
export function isOutsideFailure(report: FailureReport): boolean {
  return report.code.startsWith('E_FILE_');
}
