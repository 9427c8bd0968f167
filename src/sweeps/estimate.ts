import { join } from 'node:path';
import type { TimeSpent } from '../core/events.js';
import { readTextIfThere, writeFileAtomic } from '../core/files/files.js';
import { identify } from '../core/hash.js';
import { isJsonObject, type Json, type JsonObject } from '../core/json.js';
import type { PlannedJob } from './plan.js';
import type { JobStatus } from './plan-status.js';
import { isWithoutEngine } from './without-engine.js';

/** Where the seconds of jobs of one kind went, the last time that each part was measured. */
type Rates = Readonly<Record<string, TimeSpent>>;

export interface Estimate {
  /** Wall seconds. */
  readonly seconds: number;
  /** Whether the kind of some job has never been timed here. */
  readonly guessed: boolean;
}

/** Which job, and what computes it. */
type Timed = Pick<PlannedJob, 'config' | 'protocol'>;

const startSeconds = 1;
/**
 * Seconds per image of the first run of a kind, on one of two cores of a common processor. A model that is not here
 * is taken for the slowest.
 */
const guesses: Readonly<Record<string, Readonly<Record<string, Guess>>>> = {
  wasm: {
    cnn: { train: 0.1 / 64, evaluate: 7 / 12_288 },
    mlp: { train: 0.008 / 64, evaluate: 1.5 / 12_288 },
  },
  tensorflow: {
    cnn: { train: 0.025 / 64, evaluate: 2 / 12_288 },
    mlp: { train: 0.003 / 64, evaluate: 0.7 / 12_288 },
  },
};
interface Guess {
  readonly train: number;
  readonly evaluate: number;
}
const referenceGuess = { train: 0, evaluate: 2e-5 };

/** Remembers where a job's time went; the next plan's estimate is made of it. */
export function rememberRate(resultsFolder: string, job: Timed, backend: string, spent: TimeSpent): void {
  const rates = readRates(resultsFolder);
  const kind = kindOf(job, backend);
  const former = rates[kind];
  const next: TimeSpent = {
    start: spent.start,
    ...chooseWork('training', former, spent),
    ...chooseWork('evaluation', former, spent),
  };
  writeFileAtomic(ratesFile(resultsFolder), `${JSON.stringify({ ...rates, [kind]: next }, null, 2)}\n`);
}

/** Wall seconds to do what is left of `jobs`, `concurrency` at a time. */
export function estimateSeconds(
  jobs: readonly Pick<JobStatus, 'job' | 'status'>[],
  facts: { readonly resultsFolder: string; readonly backend: string; readonly concurrency: number },
): Estimate {
  const rates = readRates(facts.resultsFolder);
  let guessed = false;
  const each = jobs.map(({ job, status }) => {
    const { steps, batch, examples } = sizeOf(job);
    const known = rates[kindOf(job, facts.backend)];
    const guess = isWithoutEngine(job) ? referenceGuess : guessFor(job.config.model, facts.backend);
    const left = Math.max(0, steps - (status?.stages.trained ?? 0));
    const training = rateOf(known?.training);
    const evaluation = rateOf(known?.evaluation);
    guessed ||= (left > 0 && training === undefined) || evaluation === undefined;
    return (
      (known?.start ?? startSeconds) +
      left * (training ?? guess.train * batch) +
      examples * (evaluation ?? guess.evaluate)
    );
  });
  const total = each.reduce((sum, seconds) => sum + seconds, 0);
  // No schedule is shorter than its longest job.
  return { seconds: Math.max(total / Math.max(1, facts.concurrency), ...each, 0), guessed };
}

function ratesFile(resultsFolder: string): string {
  return join(resultsFolder, 'sweeps', 'rates.json');
}

/** None where nothing has run yet or the file is damaged. */
function readRates(resultsFolder: string): Rates {
  try {
    const value: unknown = JSON.parse(readTextIfThere(ratesFile(resultsFolder)) ?? '{}');
    if (!isJsonObject(value)) return {};
    return Object.fromEntries(
      Object.entries(value).flatMap(([kind, spent]) => {
        if (!isJsonObject(spent) || typeof spent.start !== 'number') return [];
        return [[kind, spent as unknown as TimeSpent]];
      }),
    );
  } catch {
    return {};
  }
}

type Part = 'training' | 'evaluation';

/** Less work than this is mostly the first step, which compiles, so that it foretells nothing. */
const leastUnits: Readonly<Record<Part, number>> = { training: 50, evaluation: 1000 };

/** The new measurement, unless it is of so little work that the old one, or none, says more. */
function chooseWork(
  part: Part,
  former: TimeSpent | undefined,
  spent: TimeSpent,
): Pick<TimeSpent, Part> | undefined {
  const [older, newer] = [former?.[part], spent[part]];
  const needed = Math.max(leastUnits[part], (older?.units ?? 0) / 2);
  const chosen = newer !== undefined && newer.units >= needed ? newer : older;
  return chosen === undefined ? undefined : { [part]: chosen };
}

function rateOf(work: TimeSpent[Part]): number | undefined {
  const rate = (work?.seconds ?? Number.NaN) / (work?.units ?? Number.NaN);
  return rate > 0 && Number.isFinite(rate) ? rate : undefined;
}

function sizeOf({ config, protocol }: Timed): {
  readonly steps: number;
  readonly batch: number;
  readonly examples: number;
} {
  const { training, evaluation } = config;
  const untrained =
    ['merged', 'evaluated', 'averaged', 'dfr'].includes(protocol) || isWithoutEngine({ protocol });
  const trains = !untrained && !(protocol === 'functions' && !isSet(config.protocol, 'train'));
  return {
    steps: trains ? numberAt(training, 'steps') : 0,
    batch: numberAt(training, 'batch_size'),
    examples: numberAt(evaluation, 'train_examples') + numberAt(evaluation, 'test_examples'),
  };
}

function numberAt(section: Json | undefined, key: string): number {
  const value = isJsonObject(section) ? section[key] : undefined;
  return typeof value === 'number' ? value : 0;
}

function isSet(section: Json | undefined, key: string): boolean {
  return isJsonObject(section) && section[key] === true;
}

function guessFor(model: Json | undefined, backend: string): Guess {
  const name = isJsonObject(model) ? String(model.name) : '';
  const known = guesses[backend] ?? guesses.wasm!;
  return known[name] ?? known.cnn!;
}

/** Jobs that take equally long per step and per example. */
function kindOf({ config, protocol }: Timed, backend: string): string {
  const { model, dataset, training } = config as JsonObject;
  const engineless = isWithoutEngine({ protocol });
  return identify({
    protocol,
    model,
    dataset: isJsonObject(dataset) ? dataset.name : undefined,
    batch: engineless ? undefined : numberAt(training, 'batch_size'),
    backend: engineless ? 'none' : backend,
  });
}
