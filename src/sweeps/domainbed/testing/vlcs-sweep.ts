import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawHyperParameters } from '../../../config/domainbed/hyper-parameters/registry.js';
import { toPlain } from '../../../core/python/value.js';
import { accuracyName, type DomainRecord } from '../../../selection/domain-record.js';
import { type JobArgs, sweepJobs } from '../jobs.js';
import { writeJob } from '../layout/write-job.js';

export interface SweepJob {
  readonly args: JobArgs;
  readonly records: readonly DomainRecord[];
}

/** Examples of the `in` and `out` split of Caltech101, LabelMe, SUN09 and VOC2007. */
const sizes = [1132, 283, 2125, 531, 2626, 656, 2701, 675];

/** DomainBed's folder, as args.output_dir has it. */
export const sweepFolder = 'domainbed/misc/test_sweep_data';

/** What DomainBed prints for the sweep. */
export const sweepText = readFileSync(join(import.meta.dirname, 'vlcs-results.txt'), 'utf8');

/**
 * DomainBed's own test sweep: ERM on VLCS, two draws of hyper-parameters, two trials, 40 trainings of five
 * checkpoints each; without losses and times.
 */
export function readSweep(): readonly SweepJob[] {
  const rows = readFileSync(join(import.meta.dirname, 'vlcs-sweep.csv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1);
  const jobs = sweepJobs({
    datasets: [{ name: 'VLCS', environments: 4 }],
    algorithms: ['ERM'],
    dataFolder: '/checkpoint/dlp/datasets_new',
    ...{ draws: 2, trials: 2, steps: 1001 },
  });
  return jobs.map((args) => {
    const start = `${args.trial_seed},${args.test_envs.join('+')},${args.hparams_seed},`;
    const own = rows.filter((row) => row.startsWith(start)).map((row) => row.slice(start.length));
    return { args, records: own.map((row) => toRecord(args, row.split(',').map(Number))) };
  });
}

/** Writes it as DomainBed has it; returns the names of the folders. */
export function writeSweep(folder: string, jobs: readonly SweepJob[] = readSweep()): string[] {
  return jobs.map((job) => writeJob(folder, { ...job, done: true, outputFolder: sweepFolder }));
}

function toRecord(args: JobArgs, [step, ...right]: readonly number[]): DomainRecord {
  const accuracies = sizes.map((size, index) => {
    const name = accuracyName(Math.floor(index / 2), index % 2 === 0 ? 'in' : 'out');
    return [name, right[index]! / size] as const;
  });
  return {
    args: {
      ...args,
      ...{ checkpoint_freq: null, hparams: null, save_model_every_checkpoint: false, skip_model_save: false },
      uda_holdout_fraction: 0,
    },
    ...Object.fromEntries(accuracies),
    hparams: hyperParameters(args),
    step: step!,
  };
}

/** Those that there were in 2021. */
function hyperParameters({ hparams_seed, trial_seed }: JobArgs): DomainRecord['hparams'] {
  const all = toPlain(
    drawHyperParameters('ERM', 'VLCS', hparams_seed, trial_seed),
  ) as DomainRecord['hparams'];
  const names = [
    ...['batch_size', 'class_balanced', 'data_augmentation', 'lr'],
    ...['nonlinear_classifier', 'resnet18', 'resnet_dropout', 'weight_decay'],
  ];
  return Object.fromEntries(names.map((name) => [name, all[name]]));
}
