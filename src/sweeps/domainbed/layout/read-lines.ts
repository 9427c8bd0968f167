import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { explainFileError } from '../../../core/files/file-errors.js';

const CHUNK = 1 << 20;

/**
 * The lines of a text file, one after the other, so that no more than one and a piece is held. `whole`: a line feed
 * ends it; only the last line can lack one.
 */
export function* readLines(path: string): Generator<{ readonly text: string; readonly whole: boolean }> {
  const descriptor = open(path);
  try {
    // Most files are small, and there are many.
    const chunk = Buffer.allocUnsafe(Math.max(1, Math.min(CHUNK, fstatSync(descriptor).size)));
    let rest: Buffer = Buffer.alloc(0);
    for (;;) {
      const size = readSync(descriptor, chunk);
      if (size === 0) break;
      const piece =
        rest.length === 0 ? chunk.subarray(0, size) : Buffer.concat([rest, chunk.subarray(0, size)]);
      let from = 0;
      for (let end = piece.indexOf(10); end >= 0; end = piece.indexOf(10, from)) {
        yield { text: piece.toString('utf8', from, end), whole: true };
        from = end + 1;
      }
      rest = Buffer.from(piece.subarray(from));
    }
    if (rest.length > 0) yield { text: rest.toString('utf8'), whole: false };
  } finally {
    closeSync(descriptor);
  }
}

function open(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw explainFileError(error, path, 'read');
  }
}
