import { readBytesIfThere } from '../../core/files/files.js';
import { dataError } from './data-error.js';

/** How a record of a file begins: with so many bytes of labels, of which one is asked for. */
export interface CifarLayout {
  readonly labelBytes: number;
  /** Place of the label among them. */
  readonly label: number;
}

const side = 32;
const pixels = side * side;

/**
 * Labels of a file of the binary version of CIFAR-10 or CIFAR-100 (Krizhevsky 2009): records of label bytes and 3,072
 * bytes of an image. Throws HeldoutError where it is not there or no whole number of records.
 */
export function readCifarLabels(path: string, { labelBytes, label }: CifarLayout): Uint8Array {
  const { bytes, count, size } = readRecords(path, labelBytes);
  return Uint8Array.from({ length: count }, (_, at) => bytes[at * size + label]!);
}

/** Images of such a file, `[count, 32, 32, 3]`: there the colours of an image stand one after the other. */
export function readCifarImages(path: string, { labelBytes }: CifarLayout): Uint8Array {
  const { bytes, count, size } = readRecords(path, labelBytes);
  const out = new Uint8Array(count * pixels * 3);
  for (let at = 0; at < count; at++) {
    for (let channel = 0; channel < 3; channel++) {
      const from = at * size + labelBytes + channel * pixels;
      const to = at * pixels * 3 + channel;
      for (let pixel = 0; pixel < pixels; pixel++) out[to + 3 * pixel] = bytes[from + pixel]!;
    }
  }
  return out;
}

function readRecords(path: string, labelBytes: number) {
  const bytes = readBytesIfThere(path);
  if (bytes === undefined) throw dataError(path, 'there is no such file');
  const size = labelBytes + 3 * pixels;
  if (bytes.length > 0 && bytes.length % size === 0) return { bytes, count: bytes.length / size, size };
  throw dataError(
    path,
    `the file is damaged or cut off: ${bytes.length} bytes are no whole number of records of ${size}`,
  );
}
