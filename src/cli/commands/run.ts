import type { ExperimentConfig } from '../../config/index.js';
import { formatDuration } from '../../core/clock.js';
import type { ExitCode } from '../../core/errors.js';
import { probeBackends } from '../../engine/backends/probe.js';
import { chooseConcurrency } from '../../launchers/concurrency.js';
import { runFolder } from '../../runs/folder.js';
import { estimateSeconds, readRates, rememberRate } from '../../sweeps/estimate.js';
import { type Plan, sweepFolder, writePlan } from '../../sweeps/plan.js';
import { type PlanStatus, planStatus, selectJobs } from '../../sweeps/plan-status.js';
import type { Arguments } from '../arguments.js';
import { checkSplits } from '../check-splits.js';
import { composeArguments } from '../compose.js';
import { writeLaunch } from '../launch-facts.js';
import { launchJobs } from '../launch-jobs.js';
import { planStudy } from '../plan-study.js';
import { print, printNotice } from '../print.js';
import { reportStudy } from '../report-study.js';
import { resultsOf } from '../results.js';
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
  const chosen = selectJobs(before, args.retryFailed).map(({ job }) => job);
  await checkSplits(chosen);
  const backend = describeBackend(config.engine.backend);
  const concurrency = chooseConcurrency(config.launcher.jobs, { tier: backend.tier });
  const seconds = estimateSeconds(chosen, readRates(resultsFolder), concurrency);
  print(
    describePlan(plan, before, { concurrency, seconds, backend: backend.text, todo: chosen.length }, config),
  );
  if (args.dryRun) {
    print(listJobs(before));
    return 0;
  }

  let stopped = false;
  if (chosen.length > 0) {
    const planFile = writePlan(resultsFolder, plan);
    const summary = await launchJobs({
      jobs: chosen.map(({ index, run, label }) => ({
        index,
        run,
        label,
        folder: runFolder(resultsFolder, plan.study, run),
      })),
      words: (job) => ['run', planFile, String(job.index)],
      launchFile: writeLaunch(sweepFolder(resultsFolder, plan.name), resultsFolder, args.line),
      concurrency,
      failFast: config.launcher.fail_fast,
      progress: args.progress,
      estimate: seconds,
      total: plan.jobs.length,
      done: before.counts.done,
      onWholeRun: ({ index }, wall) => rememberRate(resultsFolder, plan.jobs[index]!, wall),
    });
    stopped = summary.stopped;
  }
  return reportStudy({ plan, resultsFolder, stopped });
}

function describePlan(
  plan: Plan,
  status: PlanStatus,
  facts: {
    readonly concurrency: number;
    readonly seconds: number | undefined;
    readonly backend: string;
    readonly todo: number;
  },
  config: ExperimentConfig,
): string {
  const { counts } = status;
  const axes = listAxes(plan);
  const estimate =
    facts.seconds === undefined
      ? 'time known after the first runs'
      : `about ${formatDuration(facts.seconds)}`;
  const states = [
    ...(counts.done > 0
      ? [`${countJobs(plan, (index) => status.jobs[index]?.state === 'done')} done before`]
      : []),
    ...(counts.failed > 0 ? [`${counts.failed} failed before (--retry-failed runs them again)`] : []),
    ...(counts.interrupted > 0 ? [`${counts.interrupted} to continue`] : []),
    ...(counts.running > 0 ? [`${counts.running} in the hands of another process`] : []),
  ];
  return [
    `${plan.name}${config.study.title === '' ? '' : `: ${config.study.title}`}`,
    `  ${countJobs(plan, () => true)}${axes === '' ? '' : `: ${axes}`}`,
    ...(states.length === 0 ? [] : [`  ${states.join(', ')}`]),
    ...(facts.todo === 0
      ? []
      : [`  ${facts.todo} to do, ${facts.concurrency} at a time, ${estimate}`, `  backend ${facts.backend}`]),
  ].join('\n');
}

/** `24 runs and 8 references`. */
function countJobs(plan: Plan, include: (index: number) => boolean): string {
  const counted = plan.jobs.filter(({ index }) => include(index));
  const references = counted.filter(({ protocol }) => protocol === 'reference').length;
  const count = (n: number, word: string) => `${n} ${word}${n === 1 ? '' : 's'}`;
  const runs = count(counted.length - references, 'run');
  return references === 0 ? runs : `${runs} and ${count(references, 'reference')}`;
}

function listAxes(plan: Plan): string {
  const axes = new Map<string, Set<string>>();
  for (const job of plan.jobs.filter(({ protocol }) => protocol !== 'reference')) {
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

function describeBackend(choice: ExperimentConfig['engine']['backend']): {
  readonly tier: 'tensorflow' | 'wasm';
  readonly text: string;
} {
  const reports = probeBackends();
  const taken = reports.find(({ tier, works }) => (choice === 'auto' ? works : tier === choice));
  const tier = taken?.tier ?? 'wasm';
  const passed = reports.filter((report) => choice === 'auto' && !report.works && report.tier !== tier);
  const reasons = passed.map((report) => `\n    not ${report.tier}: ${report.detail}\n    → ${report.hint}`);
  return { tier, text: `${tier}${reasons.join('')}` };
}
