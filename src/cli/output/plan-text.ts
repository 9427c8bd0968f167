import type { ExperimentConfig } from '../../config/index.js';
import { formatDuration } from '../../core/clock.js';
import type { Estimate } from '../../sweeps/estimate.js';
import type { Plan } from '../../sweeps/plan.js';
import { describeFailed, type PlanStatus } from '../../sweeps/plan-status.js';
import { isTrained } from '../plan-study.js';

/** What will be done, how long it takes and on what. */
export function describePlan(
  plan: Plan,
  status: PlanStatus,
  facts: {
    readonly concurrency: number;
    readonly threads: number;
    readonly replicas: readonly number[];
    readonly estimate: Estimate;
    readonly backend: string;
    readonly todo: number;
    /** Of trials. */
    readonly findings: readonly string[];
  },
  config: ExperimentConfig,
): string {
  const { counts } = status;
  const axes = listAxes(plan);
  const estimate = `about ${formatDuration(facts.estimate.seconds)}${facts.estimate.guessed ? ' (a guess)' : ''}`;
  const states = [
    ...(counts.done > 0
      ? [`${countJobs(plan, (index) => status.jobs[index]?.state === 'done')} done before`]
      : []),
    ...describeFailed(status, 'failed before'),
    ...(counts.interrupted > 0 ? [`${counts.interrupted} to continue`] : []),
    ...(counts.running > 0 ? [`${counts.running} in the hands of another process`] : []),
  ];
  return [
    `${plan.name}${config.study.title === '' ? '' : `: ${config.study.title}`}`,
    `  ${countJobs(plan, () => true)}${axes === '' ? '' : `: ${axes}`}`,
    ...(states.length === 0 ? [] : [`  ${states.join(', ')}`]),
    ...(facts.todo === 0
      ? []
      : [
          `  ${facts.todo} to do, ${describeShares(facts)}, ${estimate}`,
          ...facts.findings.map((one) => `  ${one}`),
          `  backend ${facts.backend}`,
        ]),
  ].join('\n');
}

/** `2 at a time with 4 threads each`, `1 process at a time, up to 8 replicas in one, 2 runs alone`. */
function describeShares(facts: {
  readonly concurrency: number;
  readonly threads: number;
  /** Sizes of the batches, where there are replicas. */
  readonly replicas: readonly number[];
}): string {
  const threads = facts.threads > 1 ? ` with ${facts.threads} threads each` : '';
  if (facts.replicas.length === 0) return `${facts.concurrency} at a time${threads}`;
  const processes = `${facts.concurrency} ${facts.concurrency === 1 ? 'process' : 'processes'} at a time`;
  const most = Math.max(...facts.replicas);
  const alone = facts.replicas.filter((size) => size === 1).length;
  const rest = alone === 0 || most === 1 ? '' : `, ${alone} ${alone === 1 ? 'run' : 'runs'} alone`;
  const together =
    most === 1 ? 'no two runs differ in seed, split and numbers only' : `up to ${most} replicas in one`;
  return `${processes}${threads}, ${together}${rest}`;
}

/** `24 runs and 8 references`. */
function countJobs(plan: Plan, include: (index: number) => boolean): string {
  const counted = plan.jobs.filter(({ index }) => include(index));
  const trained = counted.filter(isTrained).length;
  const references = counted.length - trained;
  const count = (n: number, word: string) => `${n} ${word}${n === 1 ? '' : 's'}`;
  const runs = count(trained, 'run');
  return references === 0 ? runs : `${runs} and ${count(references, 'reference')}`;
}

function listAxes(plan: Plan): string {
  const axes = new Map<string, Set<string>>();
  for (const job of plan.jobs.filter(isTrained)) {
    for (const [key, value] of Object.entries(job.axes))
      axes.set(key, (axes.get(key) ?? new Set()).add(value));
  }
  return [...axes].map(([key, values]) => `${key} ${[...values].join(', ')}`).join(' × ');
}

/** A line per job. */
export function listJobs(status: PlanStatus): string {
  const words: Record<string, string> = { queued: 'to do', interrupted: 'to continue' };
  return status.jobs
    .map(
      ({ job, state, note }) =>
        `  ${job.run}  ${(words[state] ?? state).padEnd(11)}  ${job.label}${note === undefined ? '' : `  (${note})`}`,
    )
    .join('\n');
}
