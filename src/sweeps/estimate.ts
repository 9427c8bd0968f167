import { join } from 'node:path';
import { readTextIfThere, writeFileAtomic } from '../core/files.js';
import { identify } from '../core/hash.js';
import { isJsonObject } from '../core/json.js';
import type { PlannedJob } from './plan.js';

/** Wall seconds that a run took per training step, evaluation and start included, by kind of job. */
export type Rates = Readonly<Record<string, number>>;

function ratesFile(resultsFolder: string): string {
  return join(resultsFolder, 'sweeps', 'rates.json');
}

/** Remembered rates; none where nothing has run yet or the file is damaged. */
export function readRates(resultsFolder: string): Rates {
  try {
    const value: unknown = JSON.parse(readTextIfThere(ratesFile(resultsFolder)) ?? '{}');
    if (!isJsonObject(value)) return {};
    const entries = Object.entries(value).filter(
      (entry): entry is [string, number] =>
        typeof entry[1] === 'number' && Number.isFinite(entry[1]) && entry[1] > 0,
    );
    return Object.fromEntries(entries);
  } catch {
    return {};
  }
}

/** Remembers how long an uninterrupted run took; the next plan's estimate is made of it. */
export function rememberRate(resultsFolder: string, job: PlannedJob, seconds: number): void {
  if (!(seconds > 0)) return;
  const rates = { ...readRates(resultsFolder), [kindOf(job)]: seconds / stepsOf(job) };
  writeFileAtomic(ratesFile(resultsFolder), `${JSON.stringify(rates, null, 2)}\n`);
}

/**
 * Wall seconds to do `jobs`, `concurrency` at a time, or undefined where the kind of some job has never
 * been run: its rate is known after the first steps.
 */
export function estimateSeconds(
  jobs: readonly PlannedJob[],
  rates: Rates,
  concurrency: number,
): number | undefined {
  const each = jobs.map((job) => (rates[kindOf(job)] ?? Number.NaN) * stepsOf(job));
  if (each.some(Number.isNaN)) return undefined;
  const total = each.reduce((sum, seconds) => sum + seconds, 0);
  // No schedule is shorter than its longest job.
  return Math.max(total / Math.max(1, concurrency), ...each, 0);
}

/** Training steps of a job; 1 where there is no training. */
export function stepsOf(job: PlannedJob): number {
  const { training } = job.config;
  const steps = isJsonObject(training) ? training.steps : undefined;
  return job.protocol !== 'reference' && typeof steps === 'number' && steps > 0 ? steps : 1;
}

/** Jobs that take equally long per step: same protocol, model, dataset and batch size. */
function kindOf(job: PlannedJob): string {
  const { model, dataset, training } = job.config;
  const batch = isJsonObject(training) ? training.batch_size : undefined;
  return identify({ protocol: job.protocol, model, dataset, batch });
}
