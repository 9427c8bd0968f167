import { join } from 'node:path';
import { parsePythonJson } from '../../../core/python/json.js';
import type { PythonValue } from '../../../core/python/value.js';
import type { DomainRecord } from '../../../selection/index.js';
import type { DomainJob } from './read-jobs.js';
import { readLines } from './read-lines.js';

type Values = Readonly<Record<string, PythonValue>>;

/** Reads the hyper-parameters of records once more, as they were written, with 1.0 apart from 1. */
export function exactValues(folder: string, jobs: readonly DomainJob[]): (record: DomainRecord) => Values {
  const places = new Map<DomainRecord, readonly [string, number]>();
  for (const job of jobs) {
    const path = join(folder, job.folder, 'results.jsonl');
    for (const [index, record] of job.records.entries()) places.set(record, [path, index]);
  }
  return (record) => {
    const [path, index] = places.get(record)!;
    let at = 0;
    for (const { text } of readLines(path)) {
      if (at++ === index) return (parsePythonJson(text) as { readonly hparams: Values }).hparams;
    }
    throw new RangeError(`${path} has no line ${index + 1} any more`);
  };
}
