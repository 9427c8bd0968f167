import {
  appendFileSync,
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { dieIfDue, isFaultDue } from './faults.js';
import { errorCode, explainFileError } from './file-errors.js';

type Content = string | NodeJS.ArrayBufferView;

/** The name under which `path` is prepared: beside it, so that a rename suffices, and with our pid. */
export function temporaryName(path: string): string {
  return `${path}.${process.pid}.tmp`;
}

/** The pid in a name that `temporaryName` made, or undefined for any other name. */
export function temporaryOwner(name: string): number | undefined {
  const match = /\.(\d+)\.tmp$/.exec(name);
  return match === null ? undefined : Number(match[1]);
}

/** The only rename of the project: what stood at `from` stands at `to`, also after a power cut. */
export function renameDurably(from: string, to: string): void {
  dieIfDue('rename:before');
  renameSync(from, to);
  syncFolder(dirname(to));
  dieIfDue('rename:after');
}

/**
 * Writes a file so that every reader sees the old content or the new, never a part: temporary file in
 * the same folder (its name carries the pid), fsync, rename. Makes the folder when it is missing.
 */
export function writeFileAtomic(path: string, data: Content): void {
  const temporary = temporaryName(path);
  try {
    ensureFolder(dirname(path));
    writeSynced(temporary, data);
    renameDurably(temporary, path);
  } catch (error) {
    throw discardTemporary(temporary, path, error);
  }
}

/** Writes a folder of files that appears whole or not at all, in place of one of the same name. */
export function writeFolderAtomic(path: string, files: Readonly<Record<string, Content>>): void {
  const temporary = temporaryName(path);
  try {
    rmSync(temporary, { recursive: true, force: true });
    ensureFolder(temporary);
    for (const [name, data] of Object.entries(files)) writeSynced(join(temporary, name), data);
    syncFolder(temporary);
    removeAtomic(path);
    renameDurably(temporary, path);
  } catch (error) {
    throw discardTemporary(temporary, path, error);
  }
}

/** Removes a file or folder so that a reader meets all of it or none; no error when there is none. */
export function removeAtomic(path: string): void {
  const temporary = `${path}.removed.${process.pid}.tmp`;
  try {
    rmSync(temporary, { recursive: true, force: true });
    renameDurably(path, temporary);
    rmSync(temporary, { recursive: true, force: true });
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw explainFileError(error, path);
  }
}

/**
 * Writes a file that must not exist yet; false when it does. Of several processes exactly one gets true,
 * and readers see the whole content. Without hard links (some network shares) readers may meet a part.
 */
export function createExclusive(path: string, data: string): boolean {
  const temporary = temporaryName(path);
  try {
    ensureFolder(dirname(path));
    writeFileSync(temporary, data);
    linkSync(temporary, path);
    return true;
  } catch (error) {
    const code = errorCode(error) ?? '';
    if (code === 'EEXIST') return false;
    if (['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(code)) return createByFlag(path, data);
    throw explainFileError(error, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function createByFlag(path: string, data: string): boolean {
  try {
    writeFileSync(path, data, { flag: 'wx' });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw explainFileError(error, path);
  }
}

/** Cuts a file to its first `bytes` bytes. */
export function truncateFile(path: string, bytes: number): void {
  try {
    truncateSync(path, bytes);
  } catch (error) {
    throw explainFileError(error, path);
  }
}

/** What was appended to a file so far outlasts a power cut. */
export function syncFile(path: string): void {
  try {
    const descriptor = openSync(path, 'r+');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw explainFileError(error, path);
  }
}

/** Appends one line with a single write, so that a reader meets at most one torn line, the last. */
export function appendLine(path: string, line: string): void {
  try {
    if (isFaultDue('append')) {
      appendFileSync(path, line.slice(0, line.length / 2));
      process.kill(process.pid, 'SIGKILL');
    }
    appendFileSync(path, `${line}\n`);
  } catch (error) {
    throw explainFileError(error, path);
  }
}

/** A descriptor, to be closed by the caller, to which another process may write. Makes the folder. */
export function openForAppending(path: string): number {
  try {
    ensureFolder(dirname(path));
    return openSync(path, 'a');
  } catch (error) {
    throw explainFileError(error, path);
  }
}

function writeSynced(path: string, data: Content): void {
  const descriptor = openSync(path, 'w');
  try {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    for (let offset = 0; offset < bytes.byteLength; ) {
      offset += writeSync(descriptor, bytes, offset, bytes.byteLength - offset);
    }
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Makes a rename in `folder` outlast a power cut, where the system lets folders be synced. */
function syncFolder(folder: string): void {
  let descriptor: number;
  try {
    descriptor = openSync(folder, 'r');
  } catch {
    return;
  }
  try {
    fsyncSync(descriptor);
  } catch (error) {
    if (!['EINVAL', 'EPERM', 'EISDIR', 'ENOTSUP', 'EBADF'].includes(errorCode(error) ?? '')) throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** Cleans up after a write that failed; what cannot be removed now is found by `clean`. */
function discardTemporary(temporary: string, path: string, error: unknown): unknown {
  try {
    rmSync(temporary, { recursive: true, force: true });
  } catch {
    return explainFileError(error, path);
  }
  return explainFileError(error, path);
}

export function makeFolder(path: string): void {
  try {
    ensureFolder(path);
  } catch (error) {
    throw explainFileError(error, path);
  }
}

/** Node's own recursive mkdir calls a read-only disk a missing file. */
function ensureFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory()) return;
    if (found !== undefined) throw Object.assign(new Error(`${path} is a file`), { code: 'ENOTDIR' });
    const parent = dirname(path);
    if (errorCode(error) !== 'ENOENT' || parent === path) throw error;
    ensureFolder(parent);
    makeLeaf(path);
  }
}

/** Once more, below a parent that is there: some file systems (/proc) call a folder missing that they refuse. */
function makeLeaf(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    ensureFolder(path);
  }
}

/** Removes the files of a folder that match, but for `newest` and the `kept` last written besides. */
export function removeOlder(newest: string, pattern: RegExp, kept: number): void {
  const folder = dirname(newest);
  const others = readdirSync(folder)
    .filter((name) => pattern.test(name) && name !== basename(newest))
    .map((name) => ({
      path: join(folder, name),
      time: statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
    }))
    .sort((a, b) => b.time - a.time);
  for (const { path } of others.slice(kept)) removeAtomic(path);
}

/** The content of a file, or undefined when there is none. */
export function readBytesIfThere(path: string): Buffer<ArrayBuffer> | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw explainFileError(error, path, 'read');
  }
}

/** The text of a file, or undefined when there is none. */
export function readTextIfThere(path: string): string | undefined {
  return readBytesIfThere(path)?.toString('utf8');
}
