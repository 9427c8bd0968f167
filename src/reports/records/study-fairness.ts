import { readScores } from '../../analysis/fairness/read-scores.js';
import type { ArmKind, FairArm, FairRun, ScoredPeople } from '../../analysis/fairness/study/arms.js';
import { isJsonObject } from '../../core/json.js';
import type { PredictionsTable } from '../../evaluation/predictions.js';
import { readPredictions } from '../../evaluation/predictions-file.js';
import { runFolder, runPaths } from '../../runs/folder.js';
import type { Plan, PlannedJob } from '../../sweeps/plan.js';

/** The arms of a study about the people of one dataset, and what their target and their groups are called. */
export interface FairnessStudy {
  readonly dataset: string;
  /** What its config calls the dataset. */
  readonly source: string;
  readonly split: string;
  readonly target: string;
  /** Levels of the target: decisions are positive for the second. */
  readonly levels: readonly [string, string];
  readonly protected: string;
  /** Names of the groups, by level: two or more. */
  readonly groups: readonly [string, string, ...string[]];
  readonly arms: readonly FairArm[];
  /** Runs that are left out because nobody of validation or test belongs to one of the groups. */
  readonly leftOut: number;
}

/** A study of two groups, which alone have a gap with a sign. */
export type StudyOfTwo = FairnessStudy & { readonly groups: readonly [string, string] };

export const isOfTwo = (study: FairnessStudy): study is StudyOfTwo => study.groups.length === 2;

/** Sets that choices are made on, and reported on. */
const sets = ['validation', 'test'] as const;

/**
 * Reads the predictions of all jobs that are about one binary target, and whose protected variable (the first of
 * `evaluation.protected`) has two groups or more; a study per dataset and split. Jobs without a set `validation` are left out.
 */
export async function readFairness(
  { study }: Plan,
  resultsFolder: string,
  jobs: readonly PlannedJob[],
): Promise<readonly FairnessStudy[]> {
  const studies = new Map<string, Gathered>();
  for (const job of jobs) {
    const arm = describeArm(job);
    const name = protectedOf(job);
    if (arm === undefined || name === undefined) continue;
    const table = await readPredictions(
      runPaths(runFolder(resultsFolder, study, job.run)).predictions,
      job.run,
    );
    const read = readRun(table, job, name);
    if (read === undefined) continue;
    const { dataset, split } = job.labels;
    const key = JSON.stringify([dataset, split]);
    const { target, levels, groups, run } = read;
    const own: Gathered = studies.get(key) ?? {
      ...{ dataset, source: sourceOf(job), split, target, levels, protected: name, groups },
      ...{ arms: [], leftOut: 0 },
    };
    studies.set(key, own);
    if (run === undefined) {
      own.leftOut += 1;
      continue;
    }
    const same = own.arms.find(({ label }) => label === job.labels.model);
    if (same === undefined) own.arms.push({ ...arm, label: job.labels.model, runs: [run] });
    else same.runs.push(run);
  }
  return [...studies.values()].filter(({ arms }) => arms.length > 0);
}

/** While it is read. */
interface Gathered extends Omit<FairnessStudy, 'arms' | 'leftOut'> {
  leftOut: number;
  readonly arms: (Omit<FairArm, 'runs'> & { readonly runs: FairRun[] })[];
}

/** How a job's net is trained; undefined where that is none of the ways that are compared. */
export function describeArm({ config, protocol }: PlannedJob): Omit<FairArm, 'label' | 'runs'> | undefined {
  const { objective, model } = config;
  if (isJsonObject(model) && model.name === 'exponentiated_gradient') {
    return { kind: 'reductions', strength: Number(model.slack), shuffled: false };
  }
  // A merged network was not trained by the objective that its config names.
  if (protocol === 'reference' || protocol === 'merged' || !isJsonObject(objective)) return undefined;
  const strength = typeof objective.strength === 'number' ? objective.strength : 0;
  const kind = kinds[String(objective.name)];
  if (kind === undefined) return undefined;
  const shuffled = objective.shuffled === true;
  if (kind === 'regularised' && strength === 0) return { kind: 'unconstrained', strength, shuffled };
  return { kind, strength, shuffled, ...(objective.second_loss === 'mse_linear' && { threshold: 0.5 }) };
}

const kinds: Readonly<Record<string, ArmKind>> = {
  cross_entropy: 'unconstrained',
  fair: 'regularised',
  two_heads: 'two_heads',
  reweighed: 'reweighed',
  adversarial: 'adversarial',
};

/** The variable whose groups are compared: the first of `evaluation.protected`. */
export function protectedOf({ config }: PlannedJob): string | undefined {
  const names = isJsonObject(config.evaluation) ? config.evaluation.protected : undefined;
  return Array.isArray(names) && typeof names[0] === 'string' ? names[0] : undefined;
}

function sourceOf({ config, labels }: PlannedJob): string {
  const name = isJsonObject(config.dataset) ? config.dataset.name : undefined;
  return typeof name === 'string' ? name : labels.dataset;
}

type Read = Pick<FairnessStudy, 'target' | 'levels' | 'groups'> & { readonly run: FairRun | undefined };

function readRun(table: PredictionsTable, job: PlannedJob, name: string): Read | undefined {
  const { logits = {}, context } = table;
  const target = Object.keys(logits).find((one) => !(context.beside ?? []).includes(one));
  const groups = context.names?.[name] ?? [];
  const levels = context.names?.[target ?? ''] ?? [];
  if (target === undefined || groups.length < 2 || levels.length !== 2) return undefined;
  if (sets.some((set) => !table.set.includes(set))) return undefined;
  const names = { target, levels, groups } as unknown as Omit<Read, 'run'>;
  const whole = sets.every((set) => listPresent(table, set, name).size === groups.length);
  if (!whole) return { ...names, run: undefined };
  const [validation, test] = sets.map((set) => scorePeople(table, set, target, name)) as [
    ScoredPeople,
    ScoredPeople,
  ];
  const run = { run: job.run, seed: job.labels.seed, validation, test };
  return { ...names, run };
}

/** Groups that somebody of a set belongs to. */
function listPresent(table: PredictionsTable, set: string, name: string): ReadonlySet<number> {
  return new Set(table.set.flatMap((own, row) => (own === set ? [table.variables[name]![row]!] : [])));
}

function scorePeople(table: PredictionsTable, set: string, target: string, name: string): ScoredPeople {
  const { g, ...scored } = readScores(table, set, target, name);
  return g.length > 1 ? { ...scored, g: undefined, heads: g } : { ...scored, g: g[0] };
}
