import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../../core/files/cache-folder.js';
import { explainFileError } from '../../core/files/file-errors.js';
import {
  makeFolder,
  readTextIfThere,
  renameDurably,
  temporaryName,
  writeFileAtomic,
} from '../../core/files/files.js';
import { identify } from '../../core/hash.js';
import { type Converted, convert, layOut } from './columns/convert.js';
import type { TableLaw } from './columns/law.js';
import { bytesPerRow, openRows, type RowStore } from './columns/rows.js';

/** A table of typed columns. */
export interface Imported extends Converted {
  readonly path: string;
  readonly rows: RowStore;
}

const format = 1;
const imports = new Map<string, Promise<Imported>>();

/**
 * The typed columns of a file of delimited text, read once: they are kept in the cache folder, under a name that
 * changes with the file's size and time and with how it is read. Memory does not grow with the file, which is read
 * twice where columns are typed by looking. Throws HeldoutError where the file is not what it should be.
 */
export function importTable(path: string, law: TableLaw): Promise<Imported> {
  const { size, mtimeMs } = stat(path);
  const { version, format: how, header, repeated, missing, declared, others, known } = law;
  const kinds = declared.map(({ name, stored }) => [name, stored]);
  const read = { version, how, header, repeated, missing, kinds, others, known };
  const key = identify({ format, path, size, mtimeMs, read }, 20);
  const base = join(cacheFolder(), 'tables', key);
  const running = imports.get(base) ?? importInto(base, path, law);
  imports.set(base, running);
  // What failed may be put right while this process lives.
  running.catch(() => imports.delete(base));
  return running;
}

function stat(path: string) {
  try {
    return statSync(path);
  } catch (error) {
    throw explainFileError(error, path, 'read');
  }
}

async function importInto(base: string, path: string, law: TableLaw): Promise<Imported> {
  const known = findIndex(base);
  if (known !== undefined) return open(base, path, known);
  makeFolder(join(base, '..'));
  const temporary = temporaryName(`${base}.bin`);
  try {
    const index = await convert(path, law, temporary);
    renameDurably(temporary, `${base}.bin`);
    writeFileAtomic(`${base}.json`, `${JSON.stringify(index)}\n`);
    return open(base, path, index);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw explainFileError(error, path);
  }
}

function findIndex(base: string): Converted | undefined {
  const text = readTextIfThere(`${base}.json`);
  if (text === undefined) return undefined;
  const index = JSON.parse(text) as Converted;
  const bytes = index.count * bytesPerRow(layOut(index.columns));
  return statSync(`${base}.bin`, { throwIfNoEntry: false })?.size === bytes ? index : undefined;
}

function open(base: string, path: string, index: Converted): Imported {
  return { ...index, path, rows: openRows(`${base}.bin`, layOut(index.columns), index.count) };
}
