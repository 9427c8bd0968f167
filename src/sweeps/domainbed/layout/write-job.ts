import { join } from 'node:path';
import { isFloat } from '../../../config/domainbed/hyper-parameters/hyper-parameter.js';
import { knownParametersOf } from '../../../config/domainbed/hyper-parameters/registry.js';
import { writeFolderAtomic } from '../../../core/files/files.js';
import { pythonJson } from '../../../core/python/json.js';
import { float, type PythonValue, toPlain } from '../../../core/python/value.js';
import type { DomainRecord } from '../../../selection/index.js';
import { type JobArgs, jobFolder } from '../jobs.js';

/**
 * Writes a training as DomainBed's train.py leaves it, into the folder that its sweep would give it: results.jsonl,
 * to the character, and `done`. What DomainBed prints besides (out.txt, err.txt) none of its scripts reads.
 * Returns the name of the folder, which appears whole or not at all, in place of one of the same name.
 */
export function writeJob(
  folder: string,
  job: {
    /** What the sweep asked for: what the folder is named by. */
    readonly args: JobArgs;
    /** With further arguments that train.py writes; args.output_dir is set here. */
    readonly records: readonly DomainRecord[];
    readonly done: boolean;
    /** How the sweep's folder is called in args.output_dir; else by its path. */
    readonly outputFolder?: string;
  },
): string {
  const name = jobFolder(job.args);
  const place = `${job.outputFolder ?? folder}/${name}`;
  const lines = job.records.map((record) => `${encodeRecord(record, place)}\n`);
  writeFolderAtomic(join(folder, name), {
    'results.jsonl': lines.join(''),
    ...(job.done ? { done: 'done' } : {}),
  });
  return name;
}

/** A line of results.jsonl: Python's JSON with sorted keys, where scalars are floats and steps and seeds are ints. */
export function encodeRecord(record: DomainRecord, place: string): string {
  const { args, hparams, step, ...scalars } = record;
  const floats = Object.entries(scalars).map(([name, value]) => [name, asFloat(value)] as const);
  return pythonJson({
    ...Object.fromEntries(floats),
    args: {
      ...(args as { readonly [name: string]: PythonValue }),
      ...(typeof args.holdout_fraction === 'number'
        ? { holdout_fraction: float(args.holdout_fraction) }
        : {}),
      output_dir: place,
    },
    hparams: encodeHyperParameters(record),
    step,
  });
}

function asFloat(value: unknown): PythonValue {
  return typeof value === 'number' ? float(value) : (value as PythonValue);
}

/** Those that DomainBed has as floats are floats also where they are whole; a default is what the registry has. */
function encodeHyperParameters({ args, hparams }: DomainRecord): PythonValue {
  const known = new Map(knownParametersOf(args.algorithm, args.dataset).map((each) => [each.name, each]));
  return Object.fromEntries(
    Object.entries(hparams).map(([name, value]): [string, PythonValue] => {
      const parameter = known.get(name);
      if (parameter === undefined || typeof value !== 'number') return [name, value as PythonValue];
      const isDefault = args.hparams_seed === 0 && value === toPlain(parameter.initial);
      if (isDefault) return [name, parameter.initial];
      return [name, isFloat(parameter) ? float(value) : value];
    }),
  );
}
