import { availableParallelism } from 'node:os';
import { type ExitCode, HeldoutError } from '../../core/errors.js';
import { runFolder } from '../../runs/folder.js';
import { buildPlan, type ComposedJob, writePlan } from '../../sweeps/plan.js';
import type { Arguments } from '../arguments/arguments.js';
import { writeLaunch } from '../jobs/launch-facts.js';
import { launchInTurn } from '../jobs/launch-in-turn.js';

/** A run that a command made of a finished one. */
export interface DerivedRun {
  readonly run: string;
  readonly folder: string;
}

/**
 * Makes runs of what follows from a finished one, beside it in its study. What is there already stays. Returns them in the
 * order of the jobs; undefined where they were stopped, with the exit code that says so.
 *
 * @param command `merge`, `prune`: as progress names it.
 */
export async function writeDerivedRuns(
  command: string,
  { study, results }: { readonly study: string; readonly results: string },
  jobs: readonly ComposedJob[],
  args: Arguments,
): Promise<{ readonly written: readonly DerivedRun[] | undefined; readonly code: ExitCode }> {
  const plan = buildPlan(study, study, jobs);
  const written = plan.jobs.map(({ run }) => ({ run, folder: runFolder(results, study, run) }));
  return await launchInTurn({
    name: command,
    progress: args.progress,
    prepare(temporary) {
      const planFile = writePlan(temporary, plan);
      return {
        batches: plan.jobs.map((job, at) => [{ ...job, folder: written[at]!.folder }]),
        words: (batch) => ['run', planFile, batch.map(({ index }) => index).join()],
        launchFile: writeLaunch(temporary, {
          resultsFolder: results,
          threads: availableParallelism(),
          line: args.line,
        }),
      };
    },
    finish({ results: ended, stopped }) {
      const failed = ended.find(({ error }) => error !== undefined);
      if (failed?.error !== undefined && !stopped) throw new HeldoutError({ ...failed.error, exitCode: 1 });
      const isWhole = !stopped && ended.every(({ outcome }) => outcome === 'done');
      return { written: isWhole ? written : undefined, code: stopped ? 130 : isWhole ? 0 : 1 };
    },
  });
}
