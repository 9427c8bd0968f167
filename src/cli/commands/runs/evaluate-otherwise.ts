import { type ExperimentConfig, mapTogether, together } from '../../../config/index.js';
import { type ExitCode, HeldoutError } from '../../../core/errors.js';
import { canonicalJson } from '../../../core/json.js';
import { readRecord } from '../../../evaluation/record.js';
import { runFolder, runPaths } from '../../../runs/folder.js';
import { buildPlan, type ComposedJob, type Plan } from '../../../sweeps/plan.js';
import { planStatus } from '../../../sweeps/plan-status.js';
import type { Arguments } from '../../arguments/arguments.js';
import { keyOf, listGroups, requireAllowed } from '../../evaluating/allowed-words.js';
import { type Compared, describeRun, describeRuns } from '../../evaluating/comparison-text.js';
import { composeEvaluated } from '../../evaluating/compose-evaluated.js';
import { hasCheckpoint, openTrainedRun, type TrainedRun } from '../../evaluating/trained-run.js';
import { findPlan } from '../../find-plan.js';
import { findRunIfAny } from '../../find-run.js';
import { dataFolderOf } from '../../jobs/data-folder.js';
import { print, printNotice } from '../../output/print.js';
import { inPlace } from '../../output/results.js';
import { listReferences, nameAltered, toComposed } from '../../plan-study.js';
import { runPlan } from '../studies/run.js';

/** A trained run, and what sets it apart from the others of its study. */
interface Source {
  readonly source: TrainedRun;
  readonly axes: Readonly<Record<string, string>>;
  readonly model?: string;
}

/**
 * `evaluate RUN|STUDY dataset=... split=... evaluation.KEY=... engine.KEY=...`: a run of its own, of the protocol
 * `evaluated`, of each finished run and point of a sweep; equal ones are not made twice. Ends with their tables, and their
 * numbers beside those of the runs that they are of.
 *
 * @param words Overrides but for paths.results.
 */
export async function evaluateOtherwise(
  name: string,
  results: string,
  words: readonly string[],
  args: Arguments,
): Promise<ExitCode> {
  requireAllowed(words);
  const found = findSources(results, name);
  return await inPlace(found.results, async () => {
    const made = mapTogether(found.sources, (one) => composeOne(one, found.results, words, args));
    const jobs = made.flatMap(({ composed }) => composed);
    await requireFits(jobs);
    const { study } = jobs[0]!.config as unknown as ExperimentConfig;
    const plan = nameAltered(buildPlan(study.name, study.name, jobs));
    const code = await runPlan(plan, args);
    if (!args.dryRun) compare(plan, found.results, found.sources);
    return code;
  });
}

function findSources(
  results: string,
  name: string,
): { readonly results: string; readonly sources: readonly Source[] } {
  const run = findRunIfAny(results, name);
  if (run !== undefined) {
    return { results: run.results, sources: [{ source: openTrainedRun(run.paths.folder), axes: {} }] };
  }
  const plan = findPlan(results, name);
  const trained = planStatus(plan, results).jobs.filter(({ job }) => hasCheckpoint(job.protocol));
  const done = trained.filter(({ state }) => state === 'done');
  for (const { job, state } of trained) {
    if (state !== 'done') printNotice(`notice: not evaluated: ${job.label} (${job.run}), which is ${state}`);
  }
  if (done.length === 0) {
    throw new HeldoutError({
      code: 'E_EVALUATE_UNFINISHED',
      message: `no run of the study '${plan.name}' is trained to the end`,
      place: plan.name,
      hints: ['run the command of the study: it continues where it was'],
    });
  }
  const sources = mapTogether(done, ({ job, folder }) => ({
    source: openTrainedRun(folder),
    axes: job.axes,
    model: job.labels.model.split(', ')[0]!,
  }));
  return { results, sources };
}

function composeOne(
  { source, axes, model }: Source,
  results: string,
  words: readonly string[],
  args: Arguments,
): { readonly composed: readonly ComposedJob[] } {
  const chosen: readonly string[] = listGroups(words);
  // What a run was trained on still tells it apart once it is evaluated on something else.
  const own = Object.entries(axes).map(([key, value]) => {
    const [section = ''] = keyOf(key).split('.');
    return [chosen.includes(section) ? `protocol.trained_${key.replaceAll('.', '_')}` : key, value] as const;
  });
  const jobs = composeEvaluated(source, results, words, args);
  const evaluated = jobs.map((job): ComposedJob => {
    const composed = toComposed(job);
    return {
      ...composed,
      axes: { ...Object.fromEntries(own), ...composed.axes },
      ...(model === undefined ? {} : { model }),
      composed: composed.config,
    };
  });
  return { composed: [...evaluated, ...jobs.flatMap(listReferences)] };
}

/** Throws all errors at once where a dataset does not fit the network that is to be evaluated on it. */
async function requireFits(jobs: readonly ComposedJob[]): Promise<void> {
  const [{ openDataset }, { addTarget }, { requireFit }] = await Promise.all([
    import('../../../datasets/index.js'),
    import('../../../protocols/prepare.js'),
    import('../../../protocols/evaluation/require-fit.js'),
  ]);
  const seen = new Set<string>();
  const errors: HeldoutError[] = [];
  for (const job of jobs) {
    const config = job.config as unknown as ExperimentConfig;
    const { dataset, objective, protocol } = config;
    if (protocol.name !== 'evaluated') continue;
    const key = canonicalJson([dataset, protocol.dataset, objective]);
    if (seen.has(key) || canonicalJson(dataset) === canonicalJson(protocol.dataset)) continue;
    seen.add(key);
    const open = async (one: ExperimentConfig['dataset']) =>
      addTarget(await openDataset(one, { dataFolder: dataFolderOf(config) }), config);
    try {
      requireFit(await open(protocol.dataset), await open(dataset), protocol.from);
    } catch (error) {
      if (!(error instanceof HeldoutError)) throw error;
      errors.push(error);
    }
  }
  if (errors.length > 0) throw together(errors);
}

function compare(plan: Plan, results: string, sources: readonly Source[]): void {
  const folders = new Map(sources.map(({ source }) => [source.run, source.folder]));
  const all = plan.jobs.flatMap(({ run, config }): Compared[] => {
    const { protocol } = config as unknown as ExperimentConfig;
    if (protocol.name !== 'evaluated') return [];
    const after = readRecord(runPaths(runFolder(results, plan.study, run)).record);
    const before = readRecord(runPaths(folders.get(protocol.from)!).record);
    return after === undefined ? [] : [{ run: protocol.from, before, other: run, after }];
  });
  if (all.length === 0) return;
  print(`\n${sources.length === 1 ? all.map(describeRun).join('\n\n') : describeRuns(all)}`);
  print(`\nRuns     ${runFolder(results, plan.study, '')}  (npm run tables -- ${plan.name})`);
}
