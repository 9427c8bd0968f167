import { HeldoutError } from '../../core/errors.js';

/** A data file is not what it should be. */
export function dataError(path: string, message: string, cause?: unknown): HeldoutError {
  return new HeldoutError({
    code: 'E_DATA_FILE',
    message,
    place: path,
    hints: ['get the file again from its source, and compare its size'],
    exitCode: 1,
    ...(cause === undefined ? {} : { cause }),
  });
}
