import { createHash } from 'node:crypto';
import { pythonJson } from '../../core/python/json.js';
import { float, type PythonValue } from '../../core/python/value.js';
import { seedHash } from '../../random/seed-hash.js';

/** What DomainBed's sweep asks a training for: its seed and its folder are hashes of it. */
export interface JobArgs {
  readonly dataset: string;
  readonly algorithm: string;
  readonly test_envs: readonly number[];
  readonly hparams_seed: number;
  readonly trial_seed: number;
  readonly seed: number;
  readonly holdout_fraction: number;
  readonly data_dir: string;
  readonly task: string;
  readonly steps?: number;
  /** Hyper-parameters that hold for all jobs, as the JSON text that was typed. */
  readonly hparams?: string;
}

/** A sweep by its size; what is absent is as DomainBed has it. */
export interface SweepOptions {
  readonly datasets: readonly { readonly name: string; readonly environments: number }[];
  readonly algorithms: readonly string[];
  readonly dataFolder: string;
  /** Draws of hyper-parameters, the defaults among them: 20. */
  readonly draws?: number;
  /** The first of them: 0, the defaults. */
  readonly firstDraw?: number;
  readonly trials?: number;
  /** Without the pairs of test environments that leave-one-domain-out needs. */
  readonly singleTestEnvironments?: boolean;
  readonly holdout?: number;
  readonly task?: string;
  readonly steps?: number;
  readonly hparams?: string;
}

/** The jobs of a sweep in DomainBed's order: trials, datasets, algorithms, test environments, draws. */
export function sweepJobs(options: SweepOptions): JobArgs[] {
  const { datasets, algorithms, draws = 20, firstDraw = 0, trials = 3 } = options;
  return countTo(trials).flatMap((trial) =>
    datasets.flatMap(({ name, environments }) =>
      algorithms.flatMap((algorithm) =>
        testEnvironments(environments, options.singleTestEnvironments ?? false).flatMap((held) =>
          countTo(draws)
            .slice(firstDraw)
            .map((draw) => describeJob(options, name, algorithm, held, draw, trial)),
        ),
      ),
    ),
  );
}

/** Every environment alone and, unless `single`, followed by its pairs with later ones. */
export function testEnvironments(count: number, single = false): number[][] {
  if (!single && count < 3) {
    throw new RangeError(`pairs of test environments leave nothing to train on of ${count} environments`);
  }
  return countTo(count).flatMap((first) => [
    [first],
    ...(single
      ? []
      : countTo(count)
          .slice(first + 1)
          .map((second) => [first, second])),
  ]);
}

/** The seed of a training, by what it is. */
export function jobSeed(
  dataset: string,
  algorithm: string,
  held: readonly number[],
  hparamsSeed: number,
  trialSeed: number,
): number {
  return seedHash(dataset, algorithm, held, hparamsSeed, trialSeed);
}

/** The name of a job's folder: the MD5 of its arguments as Python writes them in JSON with sorted keys. */
export function jobFolder(args: JobArgs): string {
  const text = pythonJson({ ...args, holdout_fraction: float(args.holdout_fraction) } as PythonValue);
  return createHash('md5').update(text, 'utf8').digest('hex');
}

function describeJob(
  { dataFolder, holdout = 0.2, task = 'domain_generalization', steps, hparams }: SweepOptions,
  dataset: string,
  algorithm: string,
  held: readonly number[],
  draw: number,
  trial: number,
): JobArgs {
  return {
    ...{ dataset, algorithm, test_envs: held, hparams_seed: draw, trial_seed: trial },
    ...{ holdout_fraction: holdout, data_dir: dataFolder, task },
    seed: jobSeed(dataset, algorithm, held, draw, trial),
    ...(steps === undefined ? {} : { steps }),
    ...(hparams === undefined ? {} : { hparams }),
  };
}

function countTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
