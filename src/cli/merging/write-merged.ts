import { availableParallelism } from 'node:os';
import { type ExitCode, HeldoutError } from '../../core/errors.js';
import type { JsonObject } from '../../core/json.js';
import { runFolder } from '../../runs/folder.js';
import { buildPlan, type ComposedJob, writePlan } from '../../sweeps/plan.js';
import type { Arguments } from '../arguments/arguments.js';
import { writeLaunch } from '../jobs/launch-facts.js';
import { launchInTurn } from '../jobs/launch-in-turn.js';
import type { TwoHeadedRun } from './two-headed-run.js';

/** A two-headed run and f + Σ weights_k g_k + constant, of the outputs of its network. */
export interface Merger {
  readonly source: TwoHeadedRun;
  readonly weights: readonly number[];
  readonly constant: number;
}

/**
 * Makes a run of each merged network, beside the two-headed run. What is there already stays. Returns their folders, in
 * the order of the mergers, unless they were stopped.
 */
export async function writeMergedRuns(
  study: string,
  results: string,
  mergers: readonly Merger[],
  args: Arguments,
): Promise<{ readonly folders: readonly string[] | undefined; readonly code: ExitCode }> {
  const plan = buildPlan(study, study, mergers.map(compose));
  const folders = plan.jobs.map((job) => runFolder(results, study, job.run));
  return await launchInTurn({
    name: 'merge',
    progress: args.progress,
    prepare(temporary) {
      const planFile = writePlan(temporary, plan);
      return {
        batches: plan.jobs.map((job, at) => [{ ...job, folder: folders[at]! }]),
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
      return { folders: isWhole ? folders : undefined, code: stopped ? 130 : isWhole ? 0 : 1 };
    },
  });
}

/** The config of the two-headed run with one head: nothing is trained by it, and averages were taken before. */
function compose({ source, weights, constant }: Merger): ComposedJob {
  const { run, config, spec } = source;
  // The last hidden layer is that of the two-headed run, which has its probes.
  const { probes: _probes, ...evaluation } = config.evaluation;
  const merged = {
    ...config,
    objective: { name: 'cross_entropy', label_smoothing: 0 },
    protocol: { name: 'merged', from: run, weights, constant },
    training: { ...config.training, average: { ...config.training.average, decay: null } },
    evaluation,
  } as unknown as JsonObject;
  return {
    axes: { 'protocol.from': run },
    label: `${run} merged`,
    protocol: 'merged',
    config: merged,
    composed: merged,
    overrides: spec.overrides,
    provenance: { derived: `heads of run ${run}, as merge put them together` },
  };
}
