import { HeldoutError } from '../errors.js';

/** The system's code of an error, such as `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Whether the operating system refused something, as Node reports it. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return errorCode(error) !== undefined && 'errno' in (error as Error) && 'syscall' in (error as Error);
}

/** What to type where results cannot be written. */
export const writeElsewhere = 'write somewhere else with paths.results=FOLDER';

type Access = 'read' | 'write';

const freeSpace = 'free some space, then run the same command again: it continues where it was';

/** What the system's codes mean, and what to do. */
const reasons: Readonly<Record<string, readonly [string, (access: Access, path: string) => string[]]>> = {
  ENOSPC: ['no space is left on the disk', () => [freeSpace]],
  EDQUOT: ['the disk quota is used up', () => [freeSpace]],
  EROFS: ['the file system is read-only', () => [writeElsewhere]],
  EACCES: ['permission is denied', adviseOwner],
  EPERM: ['the operation is not permitted', adviseOwner],
  ENOTDIR: ['a part of the path is a file, not a folder', () => ['remove that file', writeElsewhere]],
  EISDIR: ['a folder stands where a file should be', () => ['remove or rename that folder']],
  EMFILE: [
    'too many files are open',
    () => ['raise the limit with `ulimit -n 4096`, then run the same command again'],
  ],
};

function adviseOwner(access: Access, path: string): string[] {
  if (access === 'read') return [`see who may read it: ls -ld '${path}'`];
  return ['check who owns the folder', writeElsewhere];
}

/** Turns the operating system's refusal to write or read into a message that says what to do. */
export function explainFileError(error: unknown, path: string, access: Access = 'write'): unknown {
  const known = reasons[errorCode(error) ?? ''];
  if (known === undefined && !isSystemError(error)) return error;
  const [message, advise] = known ?? [
    (error as Error).message,
    () => ['once that is put right, run the same command again'],
  ];
  return new HeldoutError({
    code: `E_FILE_${errorCode(error)}`,
    message,
    place: path,
    hints: advise(access, path),
    exitCode: 1,
    cause: error,
  });
}
