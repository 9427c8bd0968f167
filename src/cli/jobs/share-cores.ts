import type { ExperimentConfig } from '../../config/index.js';
import { divideCores, measureCapacity } from '../../launchers/concurrency.js';
import type { Measured } from '../../protocols/trial.js';
import { batchReplicas, replicaKey, usualReplicas } from '../../sweeps/batches.js';
import type { PlannedJob } from '../../sweeps/plan.js';
import { chooseReplicas, chooseThreads, listProbes } from '../../sweeps/trial-choice.js';
import type { chooseBackend } from './choose-backend.js';
import { describeFindings } from './describe-trials.js';
import { recallTrial, type Trial } from './trials.js';

export interface CoreShares {
  /** Processes at a time, and threads of each. */
  readonly concurrency: number;
  readonly threads: number;
  /** Threads of runs for which a trial found another number, by run. */
  readonly threadsOf: Readonly<Record<string, number>>;
  /** Most runs of one process. */
  replicasOf(job: PlannedJob): number;
  /** Runs of each process that the plan's training would take. */
  readonly batches: readonly number[];
  /** What was found out by trials. */
  readonly findings: readonly string[];
  /** Trials that have not been made. */
  readonly trials: readonly Trial[];
}

/**
 * How the jobs of a plan share the machine. It follows from the plan, not from what of it is left to do, and from
 * trials that were made before.
 */
export function shareCores(
  config: ExperimentConfig,
  backend: Pick<ReturnType<typeof chooseBackend>, 'tier' | 'gpu' | 'version'>,
  trained: readonly PlannedJob[],
): CoreShares {
  const { tier, gpu } = backend;
  const settings = { jobs: config.launcher.jobs, threads: config.engine.threads, replicas: config.replicas };
  const fixed = settings.replicas === 'auto' ? usualReplicas : settings.replicas;
  const batch = (size: Parameters<typeof batchReplicas>[1]) =>
    batchReplicas(
      trained.map((job) => ({ job })),
      size,
    );
  const divide = (runs: number) => divideCores(settings, { tier, gpu, runs });
  const share = divide(settings.replicas === 'auto' ? trained.length : batch(fixed).length);
  const kinds = tier === 'tensorflow' && !config.engine.deterministic ? groupAlike(trained) : [];
  const trials = kinds.flatMap((jobs): Trial[] => {
    const open = { settings, share, alike: jobs.length, all: trained.length, gpu };
    const probes = listProbes(open);
    return probes.length === 0 ? [] : [{ jobs, probes, version: backend.version ?? '' }];
  });
  const known = trials.map((trial) => ({ trial, measured: recallTrial(trial) }));
  const measuredOf = new Map<PlannedJob, readonly Measured[]>(
    known.flatMap(({ trial, measured }) =>
      measured === undefined ? [] : trial.jobs.map((job) => [job, measured] as const),
    ),
  );
  const memory = measureCapacity().memory / share.jobs;
  const replicasOf = (job: PlannedJob): number => {
    if (tier === 'wasm') return 1;
    const measured = measuredOf.get(job);
    return settings.replicas === 'auto' && measured !== undefined ? chooseReplicas(measured, memory) : fixed;
  };
  const batches = batch(replicasOf);
  const { jobs: concurrency, threads } = divide(batches.length);
  const threadsOf: Record<string, number> = {};
  for (const { job } of batches.filter(({ length }) => length === 1).flat()) {
    const own = settings.threads === 'auto' ? chooseThreads(measuredOf.get(job) ?? [], threads) : threads;
    if (own !== threads) threadsOf[job.run] = own;
  }
  return {
    concurrency,
    threads,
    threadsOf,
    replicasOf,
    batches: batches.map(({ length }) => length),
    findings: known.flatMap(({ trial, measured }) => {
      const [job] = trial.jobs;
      const chosen = { threads: threadsOf[job.run] ?? threads, replicas: replicasOf(job) };
      return measured === undefined ? [] : describeFindings(trial, measured, chosen);
    }),
    trials: known.filter(({ measured }) => measured === undefined).map(({ trial }) => trial),
  };
}

/** Jobs that can be replicas of each other. */
function groupAlike(jobs: readonly PlannedJob[]): [PlannedJob, ...PlannedJob[]][] {
  const groups = new Map<string, [PlannedJob, ...PlannedJob[]]>();
  for (const job of jobs) {
    const key = replicaKey(job) ?? '';
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [job]);
    else group.push(job);
  }
  return [...groups.values()];
}
