import { isJsonObject } from '../../core/json.js';
import { createScores, type ExampleScores, scoreLogits } from '../../evaluation/examples/example-scores.js';
import { listSets } from '../../evaluation/metrics/rows.js';
import type { PredictionsTable } from '../../evaluation/predictions.js';
import { readPredictions } from '../../evaluation/predictions-file.js';
import type { RunRecord } from '../../evaluation/record.js';
import { runFolder, runPaths } from '../../runs/folder.js';
import type { Plan, PlannedJob } from '../../sweeps/plan.js';
import { readMeasures, readRecorded } from './recorded.js';

/** What a run that was trained on one environment says of one of them. */
export interface TestedEnvironment {
  /** Name of the environment. */
  readonly name: string;
  /** Ids of its examples, ascending. */
  readonly examples: Uint32Array;
  readonly scores: ExampleScores;
  /** Metrics that the run's record has of it, by name: what was measured beside predictions. */
  readonly recorded: Readonly<Record<string, number>>;
}

/** A run that was trained on one environment and tested on it and on others. */
export interface TrainedNetwork {
  readonly job: PlannedJob;
  readonly classes: readonly string[];
  readonly id: TestedEnvironment;
  readonly ood: readonly TestedEnvironment[];
}

/** Whether a job trains on a single environment, and is tested on that and on others (`split=one-domain`). */
export function isTransfer({ protocol, config }: PlannedJob): boolean {
  const { split } = config;
  if (protocol === 'reference' || !isJsonObject(split) || split.rule !== 'domains') return false;
  return Array.isArray(split.train) && split.train.length === 1;
}

/** Reads a run of which `isTransfer` holds; undefined where no class is told. */
export async function readNetwork(
  { study }: Plan,
  resultsFolder: string,
  job: PlannedJob,
  record: RunRecord,
): Promise<TrainedNetwork | undefined> {
  const { predictions } = runPaths(runFolder(resultsFolder, study, job.run));
  const table = await readPredictions(predictions, job.run);
  const { logits = {}, context } = table;
  const target = Object.keys(logits).find((name) => !context.beside?.includes(name));
  const variable = Object.keys(context.held).find((name) => context.held[name]!.length > 0);
  if (target === undefined || variable === undefined) return undefined;
  const sets = listSets(table);
  const test = (set: string) =>
    testEnvironments(table, { target, variable, set }, sets.get(set) ?? [], record);
  const [id] = test('iid');
  if (id === undefined) return undefined;
  const recorded = { ...readMeasures(record), ...id.recorded };
  return { job, classes: context.names![target]!, id: { ...id, recorded }, ood: test('ood') };
}

interface Asked {
  readonly target: string;
  readonly variable: string;
  readonly set: string;
}

/** The environments of a set, in the order of their levels. */
function testEnvironments(
  table: PredictionsTable,
  asked: Asked,
  rows: readonly number[],
  record: RunRecord,
): TestedEnvironment[] {
  const column = table.variables[asked.variable]!;
  const levels = [...new Set(rows.map((row) => column[row]!))].sort((a, b) => a - b);
  return levels.map((level) => {
    const name = table.context.names![asked.variable]![level]!;
    const own = rows
      .filter((row) => column[row] === level)
      .sort((a, b) => table.example[a]! - table.example[b]!);
    return {
      name,
      examples: Uint32Array.from(own, (row) => table.example[row]!),
      scores: scoreRows(table, asked.target, own),
      recorded: readRecorded(record, { ...asked, name, alone: levels.length === 1 }),
    };
  });
}

function scoreRows(
  { logits, variables, context }: PredictionsTable,
  target: string,
  rows: readonly number[],
) {
  const scores = createScores(rows.length);
  const classes = context.names![target]!.length;
  for (const [at, row] of rows.entries()) {
    const own = logits![target]!.subarray(row * classes, (row + 1) * classes);
    scoreLogits(scores, at, own, variables[target]![row]!);
  }
  return scores;
}
