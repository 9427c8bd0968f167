import { join } from 'node:path';
import { launchers } from '../launchers/index.js';
import type { LaunchJob, Summary } from '../launchers/launcher.js';
import { watchSignals } from '../launchers/signals.js';
import { chooseReporter, type ProgressFormat } from '../progress/index.js';

export interface LaunchRequest {
  readonly jobs: readonly LaunchJob[];
  /** What a job's process is told after its launch file: `run PLAN INDEX` or `evaluate FOLDER`. */
  words(job: LaunchJob): readonly string[];
  readonly launchFile: string;
  readonly concurrency: number;
  readonly failFast?: boolean;
  readonly progress: ProgressFormat;
  /** Expected wall seconds, where they are known. */
  readonly estimate?: number | undefined;
  /** Jobs of the whole plan, and those that were done before. */
  readonly total: number;
  readonly done: number;
  /** Called when a job that began at its first step has ended well. */
  onWholeRun?(job: LaunchJob, seconds: number): void;
}

/** Starts the jobs' processes, shows how they go and returns when all have ended. */
export async function launchJobs(request: LaunchRequest): Promise<Summary> {
  const { jobs, launchFile, concurrency, failFast = false } = request;
  const reporter = chooseReporter({ format: request.progress, stream: process.stderr });
  const signals = watchSignals();
  const resumed = new Set<string>();
  signals.stop.addEventListener('abort', () =>
    reporter.note('stopping: runs save their state; once more to stop at once'),
  );
  reporter.start({
    total: request.total,
    labels: Object.fromEntries(jobs.map((job) => [job.run, job.label])),
    doneBefore: request.done,
    concurrency,
    ...(request.estimate === undefined ? {} : { estimate: request.estimate }),
  });
  try {
    return await launchers.local(jobs, {
      command: (job) => [
        process.execPath,
        '--enable-source-maps',
        join(process.env.HELDOUT_BUILD ?? '', 'job.mjs'),
        launchFile,
        ...request.words(job),
      ],
      concurrency,
      stop: signals.stop,
      kill: signals.kill,
      failFast,
      onEvent(event, job) {
        reporter.report(event);
        if (event.type === 'started' && event.resumedFrom > 0) resumed.add(job.run);
        if (event.type === 'finished' && !resumed.has(job.run)) request.onWholeRun?.(job, event.seconds);
      },
    });
  } finally {
    reporter.end();
    signals.dispose();
  }
}
