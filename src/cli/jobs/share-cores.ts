import type { ExperimentConfig } from '../../config/index.js';
import { divideCores } from '../../launchers/concurrency.js';
import { batchReplicas, chooseReplicas } from '../../sweeps/batches.js';
import type { PlannedJob } from '../../sweeps/plan.js';
import type { chooseBackend } from './choose-backend.js';

export interface CoreShares {
  /** Processes at a time, and threads of each. */
  readonly concurrency: number;
  readonly threads: number;
  /** Most runs of one process. */
  readonly replicas: number;
  /** Runs of each process that the plan's training would take. */
  readonly batches: readonly number[];
}

/** How the jobs of a plan share the machine. It follows from the plan, not from what of it is left to do. */
export function shareCores(
  config: ExperimentConfig,
  { tier, gpu }: Pick<ReturnType<typeof chooseBackend>, 'tier' | 'gpu'>,
  trained: readonly PlannedJob[],
): CoreShares {
  const replicas = tier === 'wasm' ? 1 : chooseReplicas(config.replicas);
  const batches = batchReplicas(
    trained.map((job) => ({ job })),
    replicas,
  ).map(({ length }) => length);
  const { jobs: concurrency, threads } = divideCores(
    { jobs: config.launcher.jobs, threads: config.engine.threads },
    { tier, gpu, runs: batches.length },
  );
  return { concurrency, threads, replicas, batches };
}
