import { join } from 'node:path';
import { type ChosenSum, chooseSum } from '../../../analysis/fairness/choose-sum.js';
import { type ExitCode, HeldoutError, HeldoutErrors } from '../../../core/errors.js';
import { isJsonObject } from '../../../core/json.js';
import { readPredictions } from '../../../evaluation/predictions-file.js';
import { listCheckpoints } from '../../../runs/checkpoints/checkpoints.js';
import { runFolder, runPaths } from '../../../runs/folder.js';
import type { Arguments } from '../../arguments/arguments.js';
import { readOperand } from '../../derived/read-operand.js';
import { findPlan } from '../../find-plan.js';
import { findRunIfAny } from '../../find-run.js';
import { checkMerged } from '../../merging/check-merged.js';
import { type MergeOptions, readMergeOptions } from '../../merging/merge-options.js';
import { describeChoice, describeRates, describeRule } from '../../merging/merge-text.js';
import { openTwoHeadedRun, type TwoHeadedRun } from '../../merging/two-headed-run.js';
import { type Merger, writeMergedRuns } from '../../merging/write-merged.js';
import { print } from '../../output/print.js';
import { inPlace } from '../../output/results.js';

/**
 * `merge RUN|STUDY within=0.05 [criterion=...] [certify=0.95]`: chooses the most accurate sum of both heads within a gap,
 * on validation, makes a run of the network that has it for its one head, and shows what both come to.
 */
export async function mergeHeads(args: Arguments): Promise<ExitCode> {
  const { options, rest } = readMergeOptions(args.words);
  const own = 'options of merge: within, criterion, certify';
  const source = readOperand(args, rest, { command: 'merge', operand: 'RUN', options: own });
  const { results, folders } = findFolders(source.results, source.name);
  return inPlace(results, () => mergeAll(results, folders, options, args));
}

/** The run's folder, or those of all two-headed runs of the study. */
function findFolders(
  results: string,
  name: string,
): { readonly results: string; readonly folders: readonly string[] } {
  const run = findRunIfAny(results, name);
  if (run !== undefined) return { results: run.results, folders: [run.paths.folder] };
  const { jobs, study, name: plan } = findPlan(results, name);
  const found = jobs.filter(
    ({ protocol, config: { objective } }) =>
      protocol !== 'reference' && isJsonObject(objective) && objective.name === 'two_heads',
  );
  if (found.length > 0) return { results, folders: found.map((job) => runFolder(results, study, job.run)) };
  throw new HeldoutError({
    code: 'E_MERGE_OBJECTIVE',
    message: `no run of the study '${plan}' has a second head to merge`,
    place: plan,
    hints: ['train one: objective=two_heads', 'npm run experiment -- status lists the studies'],
  });
}

/** Merges what can be merged; then throws what was wrong with the others. */
async function mergeAll(
  results: string,
  folders: readonly string[],
  options: MergeOptions,
  args: Arguments,
): Promise<ExitCode> {
  const errors: HeldoutError[] = [];
  const chosen: { readonly merger: Merger; readonly sum: ChosenSum }[] = [];
  for (const folder of folders) {
    try {
      chosen.push(choose(await openTwoHeadedRun(folder), options));
    } catch (error) {
      if (!(error instanceof HeldoutError)) throw error;
      errors.push(error);
    }
  }
  const [first] = chosen;
  if (first !== undefined) {
    const mergers = chosen.map(({ merger }) => merger);
    const { written, code } = await writeMergedRuns(first.merger.source.study, results, mergers, args);
    if (written === undefined) return code;
    for (const [at, one] of chosen.entries()) await show(one.merger, one.sum, options, written[at]!.folder);
  }
  if (errors.length > 0) throw new HeldoutErrors(errors);
  return 0;
}

function choose(
  source: TwoHeadedRun,
  options: MergeOptions,
): { readonly merger: Merger; readonly sum: ChosenSum } {
  const { people, f, g } = source.sets.get('validation')!;
  let sum: ChosenSum;
  try {
    sum = chooseSum({ f, g }, people, { ...options, seed: source.config.seed });
  } catch (error) {
    if (!(error instanceof HeldoutError)) throw error;
    const { code, message, place = '', hints, exitCode } = error;
    throw new HeldoutError({ code, message, place: [`run ${source.run}`, place].join(' '), hints, exitCode });
  }
  const weights = sum.rule.t.map((threshold) => 0 - threshold);
  // The search saw g − offset.
  const constant = weights.reduce((c, weight) => c - weight * source.offset, sum.rule.c);
  return { merger: { source, weights, constant }, sum };
}

async function show(merger: Merger, sum: ChosenSum, options: MergeOptions, folder: string): Promise<void> {
  const { predictions, checkpoints } = runPaths(folder);
  const merged = await readPredictions(predictions);
  const { source } = merger;
  const difference = checkMerged(merger, merged, folder);
  print(`\n${describeChoice(source, sum, options)}`);
  print(`${describeRule(merger)}\n`);
  print(describeRates(source, sum, merged));
  print(`\nLargest difference of a logit  ${difference.toPrecision(2)}`);
  print(`Run      ${folder}`);
  print(`Weights  ${join(listCheckpoints(checkpoints).at(-1) ?? checkpoints, 'weights.safetensors')}`);
}
