import { basename, dirname, join } from 'node:path';
import { HeldoutError } from '../core/errors.js';
import { readTextIfThere, removeOlder, writeFileAtomic } from '../core/files/files.js';
import { identify } from '../core/hash.js';
import { isJsonObject, type Json, type JsonObject } from '../core/json.js';
import { runId } from '../runs/provenance/identity.js';
import type { RunSpec } from '../runs/run.js';
import { type JobLabels, labelJobs } from './labels.js';

/** One job as composed: everything that it will ever read of the configuration. */
export interface ComposedJob {
  /** What sets it apart from the other jobs: `{model: 'cnn', split: 'random', seed: '0'}`. */
  readonly axes: Readonly<Record<string, string>>;
  /** What its model is called; the config's own name unless told. */
  readonly model?: string;
  /** Default: the axes, `model=cnn split=random seed=0`. */
  readonly label?: string;
  readonly protocol: string;
  /** Resolved. */
  readonly config: JsonObject;
  /** With interpolations. */
  readonly composed: Json;
  readonly overrides: readonly string[];
  readonly provenance: Json;
}

export interface PlannedJob extends RunSpec {
  /** Place in the plan, from 0. */
  readonly index: number;
  readonly label: string;
  readonly axes: Readonly<Record<string, string>>;
  /** What tables and figures call it. */
  readonly labels: JobLabels;
  readonly protocol: string;
}

/** A frozen list of jobs. Jobs of equal run id are one job. */
export interface Plan {
  readonly name: string;
  readonly study: string;
  readonly jobs: readonly PlannedJob[];
}

const planSchema = 2;
/** How many plans launched before stay, since their jobs may still be running. */
const keptPlans = 8;

/** Throws HeldoutError when tables could not tell two of the jobs apart. */
export function buildPlan(name: string, study: string, composed: readonly ComposedJob[]): Plan {
  const byRun = new Map<string, ComposedJob>();
  for (const job of composed) {
    const run = runId(job.config);
    if (!byRun.has(run)) byRun.set(run, job);
  }
  const labels = labelJobs([...byRun.values()]);
  const jobs = [...byRun].map(
    ([run, job], index): PlannedJob => ({
      index,
      run,
      label: job.label ?? describeAxes(job.axes, run),
      axes: job.axes,
      labels: labels[index]!,
      protocol: job.protocol,
      config: job.config,
      composed: job.composed,
      overrides: job.overrides,
      provenance: job.provenance,
    }),
  );
  return { name, study, jobs };
}

export function sweepFolder(resultsFolder: string, name: string): string {
  return join(resultsFolder, 'sweeps', name);
}

/**
 * Writes `plan.jsonl` (a line on the plan, then one per job) and the same as `plan-<hash>.jsonl`, whose
 * path it returns: jobs read that one, so that another launch under the same name changes nothing for them.
 */
export function writePlan(resultsFolder: string, plan: Plan): string {
  const folder = sweepFolder(resultsFolder, plan.name);
  const { jobs, ...head } = plan;
  const lines = [{ schema: planSchema, ...head, size: jobs.length }, ...jobs].map((item) =>
    JSON.stringify(item),
  );
  const text = `${lines.join('\n')}\n`;
  const frozen = join(folder, `plan-${identify(text)}.jsonl`);
  for (const path of [frozen, join(folder, 'plan.jsonl')]) {
    if (readTextIfThere(path) !== text) writeFileAtomic(path, text);
  }
  removeOlder(frozen, /^plan-[0-9a-f]+\.jsonl$/, keptPlans);
  return frozen;
}

/** Throws HeldoutError when there is no plan, or one that is damaged or of another version. */
export function readPlan(planFile: string): Plan {
  const [head, ...jobs] = readLines(planFile).map((line) => parseLine(line, planFile));
  if (head === undefined || head.schema !== planSchema || head.size !== jobs.length) throw refuse(planFile);
  const { name, study } = head;
  if (typeof name !== 'string' || typeof study !== 'string') throw refuse(planFile);
  return { name, study, jobs: jobs.map((job) => checkJob(job, planFile)) };
}

/** One job and what it belongs to: how a child process finds out what to do. */
export function readPlannedJob(
  planFile: string,
  index: number,
): { readonly name: string; readonly study: string; readonly job: PlannedJob } {
  const { name, study, jobs } = readPlan(planFile);
  const job = jobs[index];
  if (job === undefined) {
    throw new HeldoutError({
      code: 'E_PLAN_INDEX',
      message: `the plan has no job ${index}, only 0 to ${jobs.length - 1}`,
      place: planFile,
    });
  }
  return { name, study, job };
}

function describeAxes(axes: Readonly<Record<string, string>>, run: string): string {
  const words = Object.entries(axes).map(([name, value]) => `${name}=${value}`);
  return words.length === 0 ? run : words.join(' ');
}

function readLines(planFile: string): readonly string[] {
  const text = readTextIfThere(planFile);
  if (text !== undefined) return text.split('\n').filter((line) => line !== '');
  throw new HeldoutError({
    code: 'E_PLAN_MISSING',
    message: 'there is no plan',
    place: planFile,
    hints: [`npm run experiment -- --config NAME  (the config of ${basename(dirname(planFile))})`],
  });
}

function parseLine(line: string, planFile: string): JsonObject {
  try {
    const value: unknown = JSON.parse(line);
    if (isJsonObject(value)) return value;
  } catch {
    // Refused below, like any other line that is not an object.
  }
  throw refuse(planFile);
}

/** The run id vouches for the decisive part of the config. */
function checkJob(value: JsonObject, planFile: string): PlannedJob {
  if (!isJsonObject(value.config) || runId(value.config) !== value.run) throw refuse(planFile);
  if (!isJsonObject(value.labels)) throw refuse(planFile);
  return value as unknown as PlannedJob;
}

function refuse(planFile: string): HeldoutError {
  return new HeldoutError({
    code: 'E_PLAN_DAMAGED',
    message: 'this plan is damaged, or another version of Heldout made it',
    place: planFile,
    hints: [`run the experiment again: it is planned anew, and what is done stays done`],
  });
}
