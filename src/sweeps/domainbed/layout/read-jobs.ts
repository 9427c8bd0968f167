import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { HeldoutError } from '../../../core/errors.js';
import { explainFileError } from '../../../core/files/file-errors.js';
import type { DomainArgs, DomainRecord } from '../../../selection/index.js';
import { parseRecord } from './parse-record.js';
import { readLines } from './read-lines.js';

export interface DomainJob {
  /** Name of its folder. */
  readonly folder: string;
  /** Whether it came to its end. */
  readonly done: boolean;
  readonly records: readonly DomainRecord[];
}

/**
 * Reads a folder of DomainBed's job folders, sorted by name, so that nothing depends on the order of the disk.
 * Records count whether their job is done or not, as DomainBed counts them; folders without results.jsonl are jobs
 * only if their names are job hashes. Throws HeldoutError where the folder is absent, where no job has records, and
 * on the first damaged line.
 */
export function readJobs(folder: string): readonly DomainJob[] {
  const jobs = listFolders(folder).flatMap((name): DomainJob[] => {
    const path = join(folder, name);
    const files = listFiles(path);
    const there = files.has('results.jsonl');
    if (!there && !/^[0-9a-f]{32}$/.test(name)) return [];
    const records = there ? readRecords(join(path, 'results.jsonl')) : [];
    return [{ folder: name, done: files.has('done'), records }];
  });
  if (jobs.every(({ records }) => records.length === 0)) throw refuseEmpty(folder);
  return jobs;
}

/** Records of a file; arguments and hyper-parameters that do not change are kept once. */
export function readRecords(path: string): readonly DomainRecord[] {
  const records: DomainRecord[] = [];
  let shared: DomainRecord | undefined;
  let line = 0;
  for (const { text, whole } of readLines(path)) {
    line += 1;
    const record = parseRecord(text, { path, line, whole });
    const args = sameOrOwn(shared?.args, record.args);
    const hparams = sameOrOwn(shared?.hparams, record.hparams);
    shared = { ...record, args, hparams };
    records.push(shared);
  }
  return records;
}

function sameOrOwn<Value extends DomainArgs | DomainRecord['hparams']>(
  before: Value | undefined,
  own: Value,
): Value {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(own) ? before : own;
}

function listFolders(folder: string): string[] {
  try {
    if (!statSync(folder).isDirectory()) throw refuse(folder, 'this is no folder');
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() || (entry.isSymbolicLink() && leadsToFolder(folder, entry.name)))
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw refuse(folder, 'there is no such folder');
    }
    throw explainFileError(error, folder, 'read');
  }
}

function listFiles(folder: string): ReadonlySet<string> {
  try {
    return new Set(readdirSync(folder));
  } catch (error) {
    throw explainFileError(error, folder, 'read');
  }
}

function leadsToFolder(folder: string, name: string): boolean {
  return statSync(join(folder, name), { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function refuseEmpty(folder: string): HeldoutError {
  const single = statSync(join(folder, 'results.jsonl'), { throwIfNoEntry: false }) !== undefined;
  return refuse(
    folder,
    single ? 'this is the folder of one job' : 'no folder in it has a results.jsonl with a record',
    single ? ['name the folder above it'] : [],
  );
}

function refuse(folder: string, message: string, hints: readonly string[] = []): HeldoutError {
  return new HeldoutError({
    code: 'E_DOMAINBED_FOLDER',
    message,
    place: folder,
    hints: [
      ...hints,
      "name what DomainBed's sweep had as --output_dir: a folder of job folders, each with a results.jsonl",
    ],
  });
}
