import { join } from 'node:path';
import type { TimeSpent } from '../../core/events.js';
import { type LauncherName, launchers } from '../../launchers/index.js';
import type { Batch, LaunchJob, Summary } from '../../launchers/launcher.js';
import { watchSignals } from '../../launchers/signals.js';
import { chooseReporter, type ProgressFormat } from '../../progress/index.js';

export interface LaunchRequest {
  readonly batches: readonly Batch[];
  /**
   * What a process is told after launch file and run: `run PLAN INDEX,INDEX`, `evaluate FOLDER`,
   * `recompute FOLDER`.
   */
  words(batch: Batch): readonly string[];
  readonly launchFile: string;
  readonly launcher: LauncherName;
  readonly concurrency: number;
  readonly failFast?: boolean;
  readonly keepStates?: boolean;
  readonly progress: ProgressFormat;
  /** Expected wall seconds, where they are known. */
  readonly estimate?: number | undefined;
  /** Jobs of the whole plan, and those that were done before. */
  readonly total: number;
  readonly done: number;
  /** Called when a job has ended well, with where its time went. */
  onFinished?(job: LaunchJob, spent: TimeSpent): void;
}

/** The process of a batch: the program of jobs, and what it is told. */
export function jobCommand(
  launchFile: string,
  [first]: Batch,
  words: readonly string[],
): readonly [string, ...string[]] {
  const program = join(process.env.HELDOUT_BUILD ?? '', 'job.mjs');
  return [process.execPath, '--enable-source-maps', program, launchFile, first.run, ...words];
}

/** Starts the jobs' processes, shows how they go and returns when all have ended. */
export async function launchJobs(request: LaunchRequest): Promise<Summary> {
  const { batches, launchFile, concurrency, failFast = false, keepStates = false } = request;
  const reporter = chooseReporter({ format: request.progress, stream: process.stderr });
  const signals = watchSignals();
  signals.stop.addEventListener('abort', () =>
    reporter.note('stopping: runs save their state; once more to stop at once'),
  );
  reporter.start({
    total: request.total,
    labels: Object.fromEntries(batches.flat().map((job) => [job.run, job.label])),
    doneBefore: request.done,
    concurrency,
    ...(request.estimate === undefined ? {} : { estimate: request.estimate }),
  });
  try {
    return await launchers[request.launcher](batches, {
      command: (batch) => jobCommand(launchFile, batch, request.words(batch)),
      concurrency,
      stop: signals.stop,
      kill: signals.kill,
      failFast,
      keepStates,
      onEvent(event, job) {
        reporter.report(event);
        if (event.type === 'finished' && event.spent !== undefined) request.onFinished?.(job, event.spent);
      },
    });
  } finally {
    reporter.end();
    signals.dispose();
  }
}
