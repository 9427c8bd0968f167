import type { ExperimentConfig } from '../../config/index.js';
import { formatDuration } from '../../core/clock.js';
import type { ExitCode } from '../../core/errors.js';
import type { Summary } from '../../launchers/launcher.js';
import { runFolder } from '../../runs/folder.js';
import { batchReplicas } from '../../sweeps/batches.js';
import { type Estimate, estimateSeconds, rememberRate } from '../../sweeps/estimate.js';
import { type Plan, type PlannedJob, sweepFolder, writePlan } from '../../sweeps/plan.js';
import { describeFailed, type PlanStatus, planStatus, selectJobs } from '../../sweeps/plan-status.js';
import type { Arguments } from '../arguments/arguments.js';
import { checkSplits } from '../check-splits.js';
import { composeArguments } from '../compose.js';
import { chooseBackend } from '../jobs/choose-backend.js';
import { writeLaunch } from '../jobs/launch-facts.js';
import { announceTrial, explainDefault, listTrials, makeTrials } from '../jobs/make-trials.js';
import { shareCores } from '../jobs/share-cores.js';
import { print, printNotice } from '../output/print.js';
import { resultsOf } from '../output/results.js';
import { isTrained, planStudy } from '../plan-study.js';
import { inspect } from './inspect.js';

/** Runs a study, or what is left of it, and ends with its tables and figures. */
export async function runStudy(args: Arguments): Promise<ExitCode> {
  const study = composeArguments(args);
  for (const warning of study.warnings) printNotice(`warning: ${warning}`);
  if (args.cfg !== undefined || args.info !== undefined) return inspect(study, args);

  const plan = planStudy(study);
  const config = plan.jobs[0]?.config as unknown as ExperimentConfig;
  const resultsFolder = resultsOf(config);
  const before = planStatus(plan, resultsFolder);
  const left = selectJobs(before, args.retryFailed);
  const chosen = left.map(({ job }) => job);
  await checkSplits(chosen, !args.dryRun);
  const backend = chooseBackend(config.engine, args.dryRun || chosen.length === 0);
  if (chosen.length > 0 && backend.refusal !== undefined) throw backend.refusal;
  if (chosen.length > 0 && backend.notice !== undefined) printNotice(`notice: ${backend.notice}`);
  const trained = plan.jobs.filter(isTrained);
  const divided = shareCores(config, backend, trained);
  const facts = { resultsFolder, backend: backend.tier };
  const trials = listTrials(divided, chosen, facts);
  if (!args.dryRun && (await makeTrials(trials)) === 'stopped') return 130;
  const shares = trials.length === 0 || args.dryRun ? divided : shareCores(config, backend, trained);
  const { concurrency, threads } = shares;
  const estimate = estimateSeconds(left, { ...facts, concurrency });
  print(
    describePlan(
      plan,
      before,
      {
        concurrency,
        threads,
        replicas: trained.every((job) => shares.replicasOf(job) === 1) ? [] : shares.batches,
        findings: [
          ...shares.findings,
          ...explainDefault(config, shares, trials),
          ...(args.dryRun ? trials.map(announceTrial) : []),
        ],
        estimate,
        backend: backend.text,
        todo: chosen.length,
      },
      config,
    ),
  );
  const batches = batchReplicas(left, shares.replicasOf);
  const launchJob = ({ index, run, label }: PlannedJob) => ({
    index,
    run,
    label,
    folder: runFolder(resultsFolder, plan.study, run),
  });
  if (args.dryRun) {
    print(listJobs(before));
    return 0;
  }

  // What only looks must not wait for what starts processes and draws.
  const [{ launchJobs }, { reportChoice, reportStudy }] = await Promise.all([
    import('../jobs/launch-jobs.js'),
    import('../output/report-study.js'),
  ]);
  // A wrong name in it must not wait for the last run.
  reportChoice(plan);
  let summary: Summary | undefined;
  const planFile = writePlan(resultsFolder, plan);
  if (chosen.length > 0) {
    summary = await launchJobs({
      batches: batches.map(([first, ...rest]) => [
        launchJob(first.job),
        ...rest.map(({ job }) => launchJob(job)),
      ]),
      words: (batch) => ['run', planFile, batch.map(({ index }) => index).join()],
      launchFile: writeLaunch(sweepFolder(resultsFolder, plan.name), {
        resultsFolder,
        threads,
        threadsOf: shares.threadsOf,
        line: args.line,
      }),
      concurrency,
      launcher: config.launcher.name,
      failFast: config.launcher.fail_fast,
      progress: args.progress,
      estimate: estimate.guessed ? undefined : estimate.seconds,
      total: plan.jobs.length,
      done: before.counts.done,
      onFinished: ({ index }, spent) => rememberRate(resultsFolder, plan.jobs[index]!, backend.tier, spent),
    });
  }
  const { stopped = false, results = [] } = summary ?? {};
  return reportStudy({ plan, resultsFolder, stopped, results });
}

function describePlan(
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

function listJobs(status: PlanStatus): string {
  const words: Record<string, string> = { queued: 'to do', interrupted: 'to continue' };
  return status.jobs
    .map(
      ({ job, state, note }) =>
        `  ${job.run}  ${(words[state] ?? state).padEnd(11)}  ${job.label}${note === undefined ? '' : `  (${note})`}`,
    )
    .join('\n');
}
