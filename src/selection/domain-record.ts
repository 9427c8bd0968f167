import { HeldoutError } from '../core/errors.js';

/** What a training was asked for, by the names that DomainBed gives its arguments. */
export interface DomainArgs {
  readonly dataset: string;
  readonly algorithm: string;
  /** Indices of the environments that are not trained on: one, or two for leave-one-domain-out. */
  readonly test_envs: readonly number[];
  /** Which draw of random search; 0 stands for the defaults. */
  readonly hparams_seed: number;
  /** Which repetition: splits and draws depend on it. */
  readonly trial_seed: number;
  readonly output_dir?: string;
  readonly [name: string]: unknown;
}

/**
 * One checkpoint of one training in the shape of DomainBed's results.jsonl: what was asked for, the step, and
 * scalars, among them the accuracy (0 .. 1) of every environment's `in` and `out` split, `env0_in_acc` and so on.
 */
export interface DomainRecord {
  readonly args: DomainArgs;
  readonly hparams: Readonly<Record<string, unknown>>;
  readonly step: number;
  readonly [scalar: string]: unknown;
}

/** The name of an accuracy; `full`: of ERM++'s second pass, which trains on all data. */
export function accuracyName(
  environment: number,
  split: 'in' | 'out',
  pass: 'full' | 'first' = 'first',
): string {
  return `${pass === 'full' ? 'fd_' : ''}env${environment}_${split}_acc`;
}

export function hasScalar(record: DomainRecord, name: string): boolean {
  return typeof record[name] === 'number';
}

/** Throws HeldoutError where the record does not have it, as DomainBed stops with a KeyError. */
export function readScalar(record: DomainRecord, name: string): number {
  const value = record[name];
  if (typeof value === 'number') return value;
  const { args, step } = record;
  throw new HeldoutError({
    code: 'E_DOMAIN_RECORD',
    message: `the record of step ${step} has no ${name}`,
    place: args.output_dir ?? describeTraining(args),
    hints: [
      'environments are numbered from 0, and each has an accuracy on its in and out split in every record',
    ],
  });
}

/** Environments, counted as DomainBed counts them: up to the first without an accuracy on its out split. */
export function countEnvironments(record: DomainRecord): number {
  let count = 0;
  while (accuracyName(count, 'out') in record) count += 1;
  return count;
}

/** For people: `VLCS ERM, test environments 0+1, trial 0, hyper-parameters 1`. */
export function describeTraining(args: DomainArgs): string {
  const environments = `test environment${args.test_envs.length > 1 ? 's' : ''} ${args.test_envs.join('+')}`;
  return `${args.dataset} ${args.algorithm}, ${environments}, trial ${args.trial_seed}, hyper-parameters ${args.hparams_seed}`;
}
