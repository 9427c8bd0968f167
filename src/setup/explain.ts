import { HeldoutError } from '../core/errors.js';
import { errorCode } from '../core/files/file-errors.js';

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'permission is denied',
  EPERM: 'the operation is not permitted',
  ENOTDIR: 'a part of the path is a file, not a folder',
};

/** The system's refusal to write into the cache, with what to do; any other error as it is. */
export function explainCacheError(error: unknown, folder: string): unknown {
  const code = error instanceof HeldoutError ? error.code.replace('E_FILE_', '') : (errorCode(error) ?? '');
  const reason = reasons[code];
  if (reason === undefined) return error;
  return new HeldoutError({
    code: `E_SETUP_${code}`,
    message: `the cache cannot be written: ${reason}`,
    place: folder,
    hints: ['put that right, or put the cache elsewhere: HELDOUT_CACHE=DIR npm run setup'],
    exitCode: 1,
    cause: error,
  });
}
