import { basename, dirname } from 'node:path';
import { HeldoutError } from '../../core/errors.js';
import { runPaths } from '../../runs/folder.js';
import { observeStatus, type RunStatus } from '../../runs/status.js';

/**
 * The status of the run in a folder. Throws HeldoutError (exit 2) unless it is done.
 *
 * @param lacks What such a run has not yet: `so its heads are not trained yet`.
 */
export function requireDone(folder: string, code: string, lacks: string): RunStatus {
  const run = basename(folder);
  const { status, holder } = observeStatus(runPaths(folder), run);
  if (status?.state === 'done') return status;
  const state = holder === undefined ? (status?.state ?? 'not begun') : 'still running';
  throw new HeldoutError({
    code,
    message: `run ${run} is ${state}, ${lacks}`,
    place: folder,
    hints: [
      holder === undefined
        ? 'run the command that started it again: it continues where it was'
        : 'wait until it has ended',
      `npm run experiment -- status ${basename(dirname(folder))} shows how far it is`,
    ],
  });
}
