import { join } from 'node:path';
import type { LaunchJob, Summary } from '../launchers/launcher.js';
import { watchSignals } from '../launchers/signals.js';
import { chooseReporter, type ProgressFormat } from '../progress/index.js';
import { runFolder } from '../runs/folder.js';
import { rememberRate } from '../sweeps/estimate.js';
import type { Plan, PlannedJob } from '../sweeps/plan.js';

export interface LaunchRequest {
  readonly plan: Plan;
  /** Jobs of the plan that are to be started. */
  readonly jobs: readonly PlannedJob[];
  readonly planFile: string;
  readonly launchFile: string;
  readonly resultsFolder: string;
  readonly concurrency: number;
  readonly failFast: boolean;
  readonly progress: ProgressFormat;
  /** Expected wall seconds, where they are known. */
  readonly estimate?: number;
  /** Jobs of the plan that were done before. */
  readonly done: number;
  /** `evaluate`: predictions and record only. */
  readonly task?: 'run' | 'evaluate';
}

/** Starts the jobs' processes, shows how they go and returns when all have ended. */
export async function launchJobs(request: LaunchRequest): Promise<Summary> {
  const { plan, planFile, launchFile, resultsFolder, concurrency } = request;
  const { launchers } = await import('../launchers/index.js');
  const reporter = chooseReporter({ format: request.progress, stream: process.stderr });
  const signals = watchSignals();
  const byRun = new Map(request.jobs.map((job) => [job.run, job]));
  const resumed = new Set<string>();
  const jobs = request.jobs.map(
    (job): LaunchJob => ({
      index: job.index,
      run: job.run,
      label: job.label,
      folder: runFolder(resultsFolder, plan.study, job.run),
    }),
  );
  signals.stop.addEventListener('abort', () =>
    reporter.note('stopping: runs save their state; once more to stop at once'),
  );
  reporter.start({
    total: plan.jobs.length,
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
        planFile,
        String(job.index),
        launchFile,
        request.task ?? 'run',
      ],
      concurrency,
      stop: signals.stop,
      kill: signals.kill,
      failFast: request.failFast,
      onEvent(event, job) {
        reporter.report(event);
        if (event.type === 'started' && event.resumedFrom > 0) resumed.add(job.run);
        const planned = byRun.get(job.run);
        if (event.type === 'finished' && planned !== undefined && !resumed.has(job.run)) {
          rememberRate(resultsFolder, planned, event.seconds);
        }
      },
    });
  } finally {
    reporter.end();
    signals.dispose();
  }
}
