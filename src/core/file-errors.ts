import { HeldoutError } from './errors.js';

/** The system's code of an error, such as `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Whether the operating system refused something, as Node reports it. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return errorCode(error) !== undefined && 'errno' in (error as Error) && 'syscall' in (error as Error);
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
  const known = reasons[errorCode(error) ?? ''];
  if (known === undefined && !isSystemError(error)) return error;
  const reason = known ?? [(error as Error).message, 'once that is put right, run the same command again'];
  return new HeldoutError({
    code: `E_FILE_${errorCode(error)}`,
    message: reason[0],
    place: path,
    hints: [reason[1]],
    exitCode: 1,
    cause: error,
  });
}
