import {
  appendFileSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { HeldoutError } from './errors.js';

/**
 * Writes a file so that every reader sees the old content or the new, never a part: temporary file in
 * the same folder (its name carries the pid), fsync, rename. Makes the folder when it is missing.
 */
export function writeFileAtomic(path: string, data: string | NodeJS.ArrayBufferView): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    const descriptor = openSync(temporary, 'w');
    try {
      const bytes = typeof data === 'string' ? Buffer.from(data) : data;
      for (let offset = 0; offset < bytes.byteLength; ) {
        offset += writeSync(descriptor, bytes, offset, bytes.byteLength - offset);
      }
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw explainFileError(error, path);
  }
}

/** Appends one line with a single write, so that a reader meets at most one torn line, the last. */
export function appendLine(path: string, line: string): void {
  try {
    appendFileSync(path, `${line}\n`);
  } catch (error) {
    throw explainFileError(error, path);
  }
}

export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw explainFileError(error, path);
  }
}

/** The text of a file, or undefined when there is none. */
export function readTextIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw explainFileError(error, path);
  }
}

export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Turns the operating system's refusal to write or read into a message that says what to do. */
export function explainFileError(error: unknown, path: string): unknown {
  const reasons: Record<string, readonly [string, string]> = {
    ENOSPC: [
      'no space is left on the disk',
      'free some space, then run the same command again: it continues where it was',
    ],
    EDQUOT: [
      'the disk quota is used up',
      'free some space, then run the same command again: it continues where it was',
    ],
    EROFS: ['the file system is read-only', 'write somewhere else with paths.results=FOLDER'],
    EACCES: [
      'permission is denied',
      `check who owns the folder, or write somewhere else with paths.results=FOLDER`,
    ],
    EPERM: [
      'the operation is not permitted',
      `check who owns the folder, or write somewhere else with paths.results=FOLDER`,
    ],
    ENOTDIR: [
      'a part of the path is a file, not a folder',
      'remove that file, or write somewhere else with paths.results=FOLDER',
    ],
    EISDIR: ['a folder stands where a file should be', 'remove or rename that folder'],
    EMFILE: [
      'too many files are open',
      'raise the limit with `ulimit -n 4096`, then run the same command again',
    ],
  };
  const reason = reasons[errorCode(error) ?? ''];
  if (reason === undefined) return error;
  return new HeldoutError({
    code: `E_FILE_${errorCode(error)}`,
    message: `${reason[0]}`,
    place: path,
    hints: [reason[1]],
    exitCode: 1,
    cause: error,
  });
}
