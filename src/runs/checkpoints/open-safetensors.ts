import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { HeldoutError } from '../../core/errors.js';
import { sizeOf } from '../../core/numbers/shape.js';
import { type Entry, parseHeader, readEntries, readHeaderLength } from './safetensors.js';

/** A safetensors file, whose arrays are read one by one. */
export interface OpenedSafetensors {
  readonly path: string;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  /** The numbers of an array, row-major. */
  read(name: string): Float32Array;
}

/** How many bytes a number takes, and how it becomes a float32, where it can be one. */
const types: Readonly<Record<string, { readonly bytes: number; decode?(data: ArrayBuffer): Float32Array }>> =
  {
    F32: { bytes: 4, decode: (data) => new Float32Array(data) },
    F64: { bytes: 8, decode: (data) => Float32Array.from(new Float64Array(data)) },
    F16: { bytes: 2, decode: (data) => Float32Array.from(new Uint16Array(data), widenHalf) },
    BF16: {
      bytes: 2,
      decode: (data) =>
        new Float32Array(Uint32Array.from(new Uint16Array(data), (bits) => bits << 16).buffer),
    },
    ...{ I64: { bytes: 8 }, U64: { bytes: 8 }, I32: { bytes: 4 }, U32: { bytes: 4 }, I16: { bytes: 2 } },
    ...{ U16: { bytes: 2 }, I8: { bytes: 1 }, U8: { bytes: 1 }, BOOL: { bytes: 1 } },
  };

/**
 * Opens a file that others have written: numbers of 16, 32 or 64 bits become float32. Throws HeldoutError
 * (E_SAFETENSORS) that names `place` on what is no such file, and, once it is read, on an array of other numbers.
 */
export function openSafetensors(path: string, place: string): OpenedSafetensors {
  const { size } = statSync(path);
  const refuse = (why: string, hints: readonly string[] = []): never => {
    const message = `${path} is no complete safetensors file: ${why}`;
    throw new HeldoutError({ code: 'E_SAFETENSORS', message, place, hints, exitCode: 1 });
  };
  const first = Buffer.from(readPart(path, 0, Math.min(8, size)));
  if (isOfPyTorch(first)) {
    refuse('it is one of PyTorch', [
      'python -c "import sys, torch, safetensors.torch as s; s.save_file(torch.load(sys.argv[1], map_location=\'cpu\'), sys.argv[2])" FILE.pth FILE.safetensors',
    ]);
  }
  const length = readHeaderLength(first, size, refuse);
  const text = Buffer.from(readPart(path, 8, length)).toString('utf8');
  const entries = readEntries(parseHeader(text) ?? refuse('its header is not JSON'), refuse);
  const start = 8 + length;
  for (const entry of entries) requirePlace(entry, size - start, refuse);
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  return {
    path,
    shapes: Object.fromEntries(entries.map(({ name, shape }) => [name, shape])),
    read(name) {
      const { dtype, begin, end } = byName.get(name) ?? refuse(`it has no array ${name}`);
      const decode = types[dtype]?.decode ?? refuse(`numbers of type ${dtype} of ${name} are not read here`);
      return decode(readPart(path, start + begin, end - begin));
    },
  };
}

/** An archive, or a pickle of old, whose first bytes would be the length of a header that nobody writes. */
function isOfPyTorch(first: Buffer): boolean {
  if (first.length < 8 || first.readBigUInt64LE(0) < 2n ** 32n) return false;
  return first.toString('latin1', 0, 2) === 'PK' || first[0] === 0x80;
}

function requirePlace(
  { name, dtype, shape, begin, end }: Entry,
  size: number,
  refuse: (why: string) => never,
): void {
  const bytes = types[dtype]?.bytes;
  const isWhole = bytes === undefined || end - begin === bytes * sizeOf(shape);
  if (begin > end || end > size || !isWhole) refuse(`the data of ${name} is not where the header says`);
}

function readPart(path: string, position: number, length: number): ArrayBuffer {
  const bytes = new Uint8Array(length);
  const file = openSync(path, 'r');
  try {
    let done = 0;
    while (done < length) {
      const read = readSync(file, bytes, done, length - done, position + done);
      if (read === 0) break;
      done += read;
    }
  } finally {
    closeSync(file);
  }
  return bytes.buffer;
}

/** A number of 16 bits: sign, five bits of exponent, ten of fraction. */
function widenHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
