import { HeldoutError } from '../../core/errors.js';
import { canonicalJson, isJsonObject, type Json } from '../../core/json.js';
import { sizeOf } from '../../core/numbers/shape.js';
import type { NamedArray, NamedArrays } from '../../engine/engine.js';

/** https://github.com/huggingface/safetensors#format; the largest header that its readers accept. */
const longestHeader = 100_000_000;
const constructors = { F32: Float32Array, I32: Int32Array } as const;
const reserved = '__metadata__';

export interface Safetensors {
  readonly arrays: NamedArrays;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What the header says of an array. */
export interface Entry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/**
 * Bytes of a safetensors file: an unsigned 64-bit little-endian header length, the JSON header padded
 * with blanks so that data starts at a multiple of 8, then the arrays row-major, little-endian, sorted by
 * name, without gaps. float32 (`F32`) and int32 (`I32`). Equal arrays give equal bytes.
 */
export function encodeSafetensors(
  arrays: NamedArrays,
  metadata: Readonly<Record<string, string>> = {},
): Buffer {
  const header: Record<string, unknown> = { [reserved]: metadata };
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const name of Object.keys(arrays).sort()) {
    const { shape, data } = arrays[name] as NamedArray;
    if (name === reserved) throw new RangeError(`an array cannot be named ${reserved}`);
    if (sizeOf(shape) !== data.length) {
      throw new RangeError(`${name}: shape [${shape}] does not hold ${data.length} values`);
    }
    const dtype = data instanceof Float32Array ? 'F32' : 'I32';
    header[name] = { dtype, shape, data_offsets: [offset, offset + data.byteLength] };
    parts.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    offset += data.byteLength;
  }
  const json = Buffer.from(canonicalJson(header));
  const padding = Buffer.alloc((8 - (json.length % 8)) % 8, ' ');
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length + padding.length));
  return Buffer.concat([length, json, padding, ...parts]);
}

/** Reads float32 and int32 arrays. Throws HeldoutError (E_SAFETENSORS) naming `place` on anything else. */
export function decodeSafetensors(bytes: Buffer, place: string): Safetensors {
  const refuse = (why: string): never => {
    throw new HeldoutError({
      code: 'E_SAFETENSORS',
      message: `not a complete safetensors file of float32 and int32 arrays: ${why}`,
      place,
      exitCode: 1,
    });
  };
  const headerLength = readHeaderLength(bytes, bytes.length, refuse);
  const header = parseHeader(bytes.toString('utf8', 8, 8 + headerLength)) ?? refuse('its header is not JSON');
  const data = bytes.subarray(8 + headerLength);
  const arrays: Record<string, NamedArray> = {};
  let end = 0;
  for (const entry of readEntries(header, refuse)) {
    const { name, dtype, shape, begin } = entry;
    if (dtype !== 'F32' && dtype !== 'I32') {
      return refuse(`the header's entry of ${name} is not understood`);
    }
    const misplaced = begin !== end || entry.end - begin !== 4 * sizeOf(shape) || entry.end > data.length;
    if (misplaced) refuse(`the data of ${name} is not where the header says`);
    // A copy: the bytes need not be aligned, and the file's buffer need not outlive this call.
    const copy = new Uint8Array(data.subarray(begin, entry.end));
    arrays[name] = { shape, data: new constructors[dtype](copy.buffer) };
    end = entry.end;
  }
  if (end !== data.length) refuse(`${data.length - end} bytes belong to no array`);
  const metadata = header[reserved] ?? {};
  if (!isTexts(metadata)) refuse('its metadata is not texts by name');
  return { arrays, metadata: metadata as Readonly<Record<string, string>> };
}

/** Of a file of so many bytes, by its first eight. */
export function readHeaderLength(first: Buffer, size: number, refuse: (why: string) => never): number {
  if (size < 8) refuse(`it has only ${size} bytes`);
  const length = Number(first.readBigUInt64LE(0));
  if (length > longestHeader || length > size - 8) {
    refuse(`its header should have ${length} bytes, the file has ${size}`);
  }
  return length;
}

/** Entries in the order of their data. */
export function readEntries(
  header: Readonly<Record<string, Json>>,
  refuse: (why: string) => never,
): readonly Entry[] {
  return Object.entries(header)
    .filter(([name]) => name !== reserved)
    .map(
      ([name, value]) => readEntry(name, value) ?? refuse(`the header's entry of ${name} is not understood`),
    )
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
}

function readEntry(name: string, value: Json): Entry | undefined {
  if (!isJsonObject(value)) return undefined;
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string' || !isSizes(shape)) return undefined;
  if (!isSizes(offsets) || offsets.length !== 2) return undefined;
  return { name, dtype, shape, begin: offsets[0] as number, end: offsets[1] as number };
}

export function parseHeader(text: string): Readonly<Record<string, Json>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

function isTexts(value: Json): boolean {
  return isJsonObject(value) && Object.values(value).every((item) => typeof item === 'string');
}
