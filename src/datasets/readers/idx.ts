import { gunzipSync } from 'node:zlib';
import { readBytesIfThere } from '../../core/files/files.js';
import { sizeOf } from '../../core/numbers/shape.js';
import { dataError } from './data-error.js';

/** An array of bytes. */
export interface IdxArray {
  readonly shape: readonly number[];
  /** Row-major. */
  readonly data: Uint8Array;
}

const unsignedBytes = 0x08;

/**
 * Reads an idx file of bytes, gzipped or not (LeCun's format of MNIST): two zeros, the type, the number of axes, the
 * length of each as a big-endian word, the numbers. Throws HeldoutError where it is no such file, or is cut off.
 */
export function readIdx(path: string): IdxArray {
  const bytes = readBytesIfThere(path);
  if (bytes === undefined) throw dataError(path, 'there is no such file');
  return parseIdx(unpack(bytes, path), path);
}

function unpack(bytes: Uint8Array, path: string): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw dataError(path, `the file is damaged or cut off: it cannot be unpacked (${reason})`, error);
  }
}

function parseIdx(bytes: Uint8Array, path: string): IdxArray {
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0) {
    throw dataError(path, 'this is not an idx file: it does not begin with two zeros');
  }
  if (bytes[2] !== unsignedBytes) {
    throw dataError(path, `idx files of bytes are read, not those of type 0x${bytes[2]!.toString(16)}`);
  }
  const axes = bytes[3]!;
  const start = 4 + 4 * axes;
  if (bytes.length < start) throw dataError(path, 'the file is cut off within its header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
  const size = sizeOf(shape);
  const found = bytes.length - start;
  if (found !== size) {
    const how =
      found < size ? `cut off: ${size - found} bytes are missing` : `${found - size} bytes too long`;
    throw dataError(path, `the file is ${how} for an array of ${shape.join(' x ')}`);
  }
  return { shape, data: bytes.subarray(start) };
}
