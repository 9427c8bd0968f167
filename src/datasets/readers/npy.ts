import { sizeOf } from '../../core/numbers/shape.js';
import { dataError } from './data-error.js';

/** A numpy array. Bytes and booleans stay bytes; every other type is given as numbers. */
export interface NpyArray {
  readonly shape: readonly number[];
  /** numpy's name of the type without byte order: `u1`, `b1`, `i8`, `f4`, `f8`. */
  readonly type: string;
  readonly data: Uint8Array | Float32Array | Float64Array;
}

export interface NpyHeader {
  readonly shape: readonly number[];
  readonly type: string;
  /** Bytes from the start of the file to the first element. */
  readonly offset: number;
}

const magic = '\x93NUMPY';

/**
 * Reads the header of a `.npy` file (format 1, 2 or 3); undefined while `bytes` do not reach its end.
 * @param place Where the array stands, for errors.
 */
export function readNpyHeader(bytes: Uint8Array, place: string): NpyHeader | undefined {
  if (bytes.length < 12) return undefined;
  if (Buffer.from(bytes.subarray(0, 6)).toString('latin1') !== magic) {
    throw dataError(place, 'this is not a numpy array (.npy)');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const short = bytes[6] === 1;
  const start = short ? 10 : 12;
  const offset = start + (short ? view.getUint16(8, true) : view.getUint32(8, true));
  if (bytes.length < offset) return undefined;
  const text = Buffer.from(bytes.subarray(start, offset)).toString('latin1');
  const descr = /'descr':\s*'([<>|=]?)(\w+)'/.exec(text);
  const shape = /'shape':\s*\(([\d\s,]*)\)/.exec(text);
  const order = /'fortran_order':\s*(True|False)/.exec(text);
  if (descr === null || shape === null || order === null) {
    throw dataError(place, `cannot read an array of this kind: ${text.trim()}`);
  }
  const sizes = shape[1]!.split(',').filter((size) => size.trim() !== '');
  if (descr[1] === '>') throw dataError(place, 'arrays of big-endian numbers are not read');
  if (order[1] === 'True' && sizes.length > 1) throw dataError(place, 'arrays in Fortran order are not read');
  return { shape: sizes.map(Number), type: descr[2]!, offset };
}

const integers: Readonly<Record<string, (view: DataView, at: number) => number>> = {
  i1: (view, at) => view.getInt8(at),
  i2: (view, at) => view.getInt16(at, true),
  i4: (view, at) => view.getInt32(at, true),
  i8: (view, at) => Number(view.getBigInt64(at, true)),
  u2: (view, at) => view.getUint16(at, true),
  u4: (view, at) => view.getUint32(at, true),
  u8: (view, at) => Number(view.getBigUint64(at, true)),
};

/** Reads a whole `.npy` file. 64-bit integers beyond 2^53 lose their last digits. */
export function readNpy(bytes: Uint8Array, place: string): NpyArray {
  const header = readNpyHeader(bytes, place);
  if (header === undefined) throw dataError(place, 'the array is cut off within its header');
  const { shape, type, offset } = header;
  const read = integers[type];
  if (read === undefined && !['u1', 'b1', 'f4', 'f8'].includes(type)) {
    throw dataError(place, `arrays of type '${type}' are not read`);
  }
  const count = sizeOf(shape);
  const size = Number(type.slice(1));
  const missing = offset + count * size - bytes.length;
  if (missing > 0) throw dataError(place, `the array is cut off: ${missing} bytes are missing`);
  const body = new Uint8Array(bytes.subarray(offset, offset + count * size));
  if (type === 'f4') return { shape, type, data: new Float32Array(body.buffer) };
  if (type === 'f8') return { shape, type, data: new Float64Array(body.buffer) };
  if (read === undefined) return { shape, type, data: body };
  const view = new DataView(body.buffer);
  return { shape, type, data: Float64Array.from({ length: count }, (_, i) => read(view, i * size)) };
}
