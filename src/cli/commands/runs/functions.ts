import { basename, dirname } from 'node:path';
import { parse } from 'yaml';
import type { Study } from '../../../config/index.js';
import { type ExitCode, HeldoutError } from '../../../core/errors.js';
import { readTextIfThere } from '../../../core/files/files.js';
import { canonicalJson, isJsonObject, type Json, type JsonObject } from '../../../core/json.js';
import type { RecordRow } from '../../../evaluation/predictions.js';
import { readRecord } from '../../../evaluation/record.js';
import { runFolder, runPaths } from '../../../runs/folder.js';
import { listRuns } from '../../../runs/list.js';
import { readStatus } from '../../../runs/status.js';
import type { Arguments } from '../../arguments/arguments.js';
import { splitWords } from '../../arguments/words.js';
import { composeArguments } from '../../compose.js';
import { type FoundRun, findRun, findRunIfAny } from '../../find-run.js';
import { print } from '../../output/print.js';
import { requireOperand, resultsFolder } from '../../output/results.js';
import { planStudy } from '../../plan-study.js';
import { runComposed } from '../studies/run.js';
import { chooseEdits, type FunctionEdits } from './function-edits.js';

/**
 * `functions RUN|STUDY [remove=each|2|0,2] [add=N] [train=none|added|all] [key=value ...]`: finished runs of neural
 * interpreters with functions removed or added, each way a run of its own, and their numbers before and after.
 */
export async function editFunctions(args: Arguments): Promise<ExitCode> {
  const { overrides, operands } = splitWords(args.words);
  const isPlace = (word: string) => word.startsWith('paths.results=');
  const name = requireOperand(operands, 'experiment -- functions', 'RUN');
  const looking = composeArguments({ ...args, config: undefined }, overrides.filter(isPlace));
  const changes = overrides.filter((word) => !isPlace(word));
  const sources = findInterpreters(resultsFolder(looking), name).map((found) => {
    const source = { run: found.run, results: found.results, config: readInterpreter(found) };
    const edits = chooseEdits(source, changes);
    const own = { ...args, config: args.config ?? found.paths.resolved, multirun: edits.ways.length > 1 };
    return { found, edits, study: composeArguments(own, edits.overrides) };
  });
  const studies = sources.map(({ study }) => study);
  const whole: Study = studies.length === 1 ? studies[0]! : { ...studies[0]!, parts: studies };
  const code = await runComposed(whole, args);
  if (code === 0 && !args.dryRun && args.cfg === undefined) {
    for (const { found, edits, study } of sources) await compare(found, study, edits);
  }
  return code;
}

/** The run that is named, or all finished interpreters of the study. Throws HeldoutError where there is none. */
function findInterpreters(results: string, name: string): readonly FoundRun[] {
  const run = findRunIfAny(results, name);
  if (run !== undefined) return [run];
  const finished = listRuns(results, name).filter(({ status }) => status?.state === 'done');
  const found = finished.map((listing) => ({ ...listing, results })).filter(isInterpreter);
  return found.length > 0 ? found : [findRun(results, name)];
}

function isInterpreter(found: FoundRun): boolean {
  return modelOf(readConfig(found) ?? {}) === 'neural_interpreter';
}

function modelOf({ model }: JsonObject): string {
  return isJsonObject(model) ? String(model.name) : 'none';
}

function readConfig({ paths }: FoundRun): JsonObject | undefined {
  const config = parse(readTextIfThere(paths.resolved) ?? '') as Json;
  return isJsonObject(config) ? config : undefined;
}

/** The config of a run that can be taken up. */
function readInterpreter(found: FoundRun): JsonObject {
  const { run, paths } = found;
  const config = readConfig(found);
  if (config === undefined) {
    throw refuse(
      `run ${run} has no resolved.yaml`,
      `npm run experiment -- status ${basename(dirname(paths.folder))}`,
    );
  }
  if (modelOf(config) !== 'neural_interpreter') {
    throw refuse(
      `run ${run} is of model ${modelOf(config)}, which has no functions`,
      'name a run of model=neural_interpreter',
    );
  }
  if (readStatus(paths, run)?.state !== 'done') {
    throw refuse(`run ${run} is not done`, "run its study's own command again: it continues where it was");
  }
  return config;
}

function refuse(message: string, hint: string): HeldoutError {
  return new HeldoutError({
    code: 'E_FUNCTIONS_SOURCE',
    message,
    place: 'experiment -- functions RUN',
    hints: [hint],
  });
}

/** The first metric of every set, over all targets, of the run and of what became of it. */
async function compare(found: FoundRun, study: Study, { ways }: FunctionEdits): Promise<void> {
  const plan = await planStudy(study);
  const jobs = plan.jobs.filter(({ protocol }) => protocol === 'functions');
  const before = overall(found.paths.record);
  const splits = [readConfig(found)?.split, jobs[0]?.config.split] as const;
  const isSame = (set: string) => isSameSet(set, ...splits);
  const metric = before[0]?.metric;
  const sets = before.filter((row) => row.metric === metric && isSame(row.set));
  const columns = [
    [metric ?? '', ...sets.map(({ set }) => set)],
    [`run ${found.run}`, ...sets.map(({ value }) => value.toFixed(4))],
    ...jobs.map(({ run }, index) => {
      const after = overall(runPaths(runFolder(found.results, plan.study, run)).record);
      return [ways[index] ?? run, ...sets.map((row) => describeChange(row, after))];
    }),
  ];
  // A line for each way, or for each set where there are more of these.
  const lines = sets.length < ways.length + 2 ? columns : transpose(columns);
  const widths = transpose(lines).map((cells) => Math.max(...cells.map(({ length }) => length)));
  const text = lines.map((cells) =>
    cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[at]!))).join('  '),
  );
  const left = before.filter((row) => row.metric === metric && !isSame(row.set)).map(({ set }) => set);
  const note = left.length === 0 ? '' : `\nnot compared, since the split is another: ${left.join(', ')}`;
  print(`\nFunctions of run ${found.run}, before and after\n${text.join('\n')}${note}`);
}

/** Whether a set of a split has the same examples by another config of it. */
function isSameSet(set: string, one: Json | undefined, other: Json | undefined): boolean {
  if (canonicalJson(one ?? null) === canonicalJson(other ?? null)) return true;
  const [a, b] = [one, other].map((split) =>
    isJsonObject(split) && isJsonObject(split.sets) ? split.sets[set] : undefined,
  );
  // A part of another set is other examples when that one is.
  if (!isJsonObject(a) || !isJsonObject(b) || 'of' in a) return false;
  return canonicalJson(a) === canonicalJson(b);
}

/** `0.4562 (+0.0016)`. */
function describeChange({ set, metric, value }: RecordRow, after: readonly RecordRow[]): string {
  const row = after.find((one) => one.set === set && one.metric === metric);
  if (row === undefined) return '';
  const change = row.value - value;
  return `${row.value.toFixed(4)} (${change < 0 ? '−' : '+'}${Math.abs(change).toFixed(4)})`;
}

function transpose(rows: readonly (readonly string[])[]): string[][] {
  return rows[0]!.map((_, column) => rows.map((row) => row[column]!));
}

function overall(path: string): readonly RecordRow[] {
  return readRecord(path)?.rows.filter(({ group }) => Object.keys(group).length === 0) ?? [];
}
