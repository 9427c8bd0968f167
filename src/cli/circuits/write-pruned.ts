import { availableParallelism } from 'node:os';
import { type ExitCode, HeldoutError } from '../../core/errors.js';
import type { JsonObject } from '../../core/json.js';
import type { PruningOrder } from '../../models/nac/pruning/order-processors.js';
import { withProcessors } from '../../models/nac/pruning/pruned-config.js';
import { runFolder } from '../../runs/folder.js';
import { buildPlan, type ComposedJob, writePlan } from '../../sweeps/plan.js';
import type { Arguments } from '../arguments/arguments.js';
import { writeLaunch } from '../jobs/launch-facts.js';
import { launchInTurn } from '../jobs/launch-in-turn.js';
import type { CircuitRun } from './circuit-run.js';

/** Which processors of a circuit are to be a run of their own. */
export interface PrunedNet {
  readonly order: PruningOrder;
  readonly kept: number;
  /** Of the order random; its first draw is taken. */
  readonly seed: number;
}

export interface WrittenNet extends PrunedNet {
  readonly run: string;
  readonly folder: string;
}

/**
 * Makes a run of each net, beside the run of the whole circuit: its config has the number of processors, its
 * checkpoint their rows and all other weights. What is there already stays.
 */
export async function writePrunedRuns(
  circuit: CircuitRun,
  results: string,
  nets: readonly PrunedNet[],
  args: Arguments,
): Promise<{ readonly written: readonly WrittenNet[]; readonly code: ExitCode }> {
  const { study } = circuit;
  const plan = buildPlan(
    study,
    study,
    nets.map((net) => compose(circuit, net)),
  );
  return await launchInTurn({
    name: 'prune',
    progress: args.progress,
    prepare(temporary) {
      const planFile = writePlan(temporary, plan);
      return {
        batches: plan.jobs.map((job) => [{ ...job, folder: runFolder(results, study, job.run) }]),
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
      const written = nets.map((net, index) => {
        const { run } = plan.jobs[index]!;
        return { ...net, run, folder: runFolder(results, study, run) };
      });
      return { written: isWhole ? written : [], code: stopped ? 130 : isWhole ? 0 : 1 };
    },
  });
}

function compose({ run, spec, config }: CircuitRun, { order, kept, seed }: PrunedNet): ComposedJob {
  const pruned = {
    ...config,
    model: withProcessors(config.model, kept),
    protocol: { name: 'pruned', of: run, order, seed: order === 'random' ? seed : 0, draw: 0 },
  } as unknown as JsonObject;
  return {
    axes: { order, kept: String(kept) },
    label: `${run} with ${kept} processors, order=${order}`,
    protocol: 'pruned',
    config: pruned,
    composed: pruned,
    overrides: spec.overrides,
    provenance: { derived: `${kept} processors of run ${run}, as prune order=${order} keeps them` },
  };
}
