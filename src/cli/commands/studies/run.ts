import type { ExperimentConfig, Study } from '../../../config/index.js';
import type { ExitCode } from '../../../core/errors.js';
import type { Summary } from '../../../launchers/launcher.js';
import { runFolder } from '../../../runs/folder.js';
import { batchReplicas } from '../../../sweeps/batches.js';
import { estimateSeconds, rememberRate } from '../../../sweeps/estimate.js';
import { type Plan, type PlannedJob, sweepFolder, writePlan } from '../../../sweeps/plan.js';
import { planStatus, selectJobs } from '../../../sweeps/plan-status.js';
import { isWithoutEngine } from '../../../sweeps/without-engine.js';
import type { Arguments } from '../../arguments/arguments.js';
import { checkSplits } from '../../check-splits.js';
import { composeArguments } from '../../compose.js';
import { refuseNameOfImport } from '../../imports/refuse-name.js';
import { chooseBackend } from '../../jobs/choose-backend.js';
import { writeLaunch } from '../../jobs/launch-facts.js';
import { describeChoices, listTrials, makeTrials } from '../../jobs/make-trials.js';
import { type CoreShares, shareCores } from '../../jobs/share-cores.js';
import type { Trial } from '../../jobs/trials.js';
import { describePlan, listJobs } from '../../output/plan-text.js';
import { print, printNotice } from '../../output/print.js';
import { resultsOf } from '../../output/results.js';
import { planStudy } from '../../plan-study.js';
import { inspect } from '../inspect.js';

/** Runs what the command line asks for. */
export function runStudy(args: Arguments): Promise<ExitCode> {
  return runComposed(composeArguments(args), args);
}

/** Runs a study, or what is left of it, and ends with its tables and figures. */
export async function runComposed(study: Study, args: Arguments): Promise<ExitCode> {
  for (const warning of study.warnings) printNotice(`warning: ${warning}`);
  if (args.cfg !== undefined || args.info !== undefined) return inspect(study, args);
  return await runPlan(await planStudy(study), args);
}

/** Runs what a plan says, or what is left of it, and ends with its tables and figures. */
export async function runPlan(plan: Plan, args: Arguments): Promise<ExitCode> {
  const config = plan.jobs[0]?.config as unknown as ExperimentConfig;
  const resultsFolder = resultsOf(config);
  refuseNameOfImport(resultsFolder, plan.name);
  const before = planStatus(plan, resultsFolder);
  const left = selectJobs(before, args.retryFailed);
  const chosen = left.map(({ job }) => job);
  for (const note of await checkSplits(chosen, !args.dryRun)) print(`data: ${note}`);
  const backend = chooseBackend(config.engine, args.dryRun || chosen.length === 0);
  if (chosen.length > 0 && backend.refusal !== undefined) throw backend.refusal;
  if (chosen.length > 0 && backend.notice !== undefined) printNotice(`notice: ${backend.notice}`);
  const facts = { resultsFolder, backend: backend.tier };
  const trained = plan.jobs.filter((job) => !isWithoutEngine(job));
  const describe = (shares: CoreShares, due: readonly Trial[]) => {
    const { concurrency, threads } = shares;
    const estimate = estimateSeconds(left, { ...facts, concurrency });
    const replicas = trained.every((job) => shares.replicasOf(job) === 1) ? [] : shares.batches;
    const findings = describeChoices(config, shares, due);
    const todo = chosen.length;
    const what = { concurrency, threads, replicas, estimate, findings, backend: backend.text, todo };
    print(describePlan(plan, before, what, config));
    return estimate;
  };
  const divided = shareCores(config, backend, trained);
  const trials = listTrials(divided, chosen, facts);
  if (args.dryRun) {
    describe(divided, trials);
    print(listJobs(before));
    return 0;
  }

  // What only looks must not wait for what starts processes and draws.
  const [{ launchJobs }, { reportChoice, reportStudy }] = await Promise.all([
    import('../../jobs/launch-jobs.js'),
    import('../../output/report-study.js'),
  ]);
  // A wrong name in it must not wait for the last run.
  reportChoice(plan);
  const planFile = writePlan(resultsFolder, plan);
  const tried = await makeTrials(trials);
  if (tried === 'stopped') return reportStudy({ plan, resultsFolder, stopped: true, results: [] });
  const shares = trials.length === 0 ? divided : shareCores(config, backend, trained);
  const { concurrency, threads, threadsOf } = shares;
  const estimate = describe(shares, []);
  const batches = batchReplicas(left, shares.replicasOf);
  const launchJob = ({ index, run, label }: PlannedJob) => ({
    index,
    run,
    label,
    folder: runFolder(resultsFolder, plan.study, run),
  });
  let summary: Summary | undefined;
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
        threadsOf,
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
