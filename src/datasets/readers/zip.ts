import { closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import { dataError } from './data-error.js';

export interface ZipEntry {
  readonly name: string;
  /** 0: stored, 8: deflated. */
  readonly method: number;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  /** Bytes from the start of the archive to the entry's own header. */
  readonly headerOffset: number;
}

const endSignature = 0x06054b50;
const end64Signature = 0x06064b50;
const locator64Signature = 0x07064b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
const unknown32 = 0xffffffff;

/** Lists an archive's entries by name, from its central directory (ZIP64 included). */
export function readZipDirectory(path: string): ReadonlyMap<string, ZipEntry> {
  return withFile(path, (read, size) => {
    const tail = read(Math.max(0, size - 65_557), Math.min(size, 65_557));
    const at = tail.lastIndexOf(Buffer.from(Uint32Array.of(endSignature).buffer));
    if (at === -1 || at + 22 > tail.length)
      throw dataError(path, 'the file is cut off, or is no zip archive');
    let count = tail.readUInt16LE(at + 10);
    let length = tail.readUInt32LE(at + 12);
    let start = tail.readUInt32LE(at + 16);
    if (at >= 20 && tail.readUInt32LE(at - 20) === locator64Signature) {
      const end = read(Number(tail.readBigUInt64LE(at - 12)), 56);
      if (end.length < 56 || end.readUInt32LE(0) !== end64Signature) {
        throw dataError(path, 'the directory of the archive is damaged');
      }
      count = Number(end.readBigUInt64LE(32));
      length = Number(end.readBigUInt64LE(40));
      start = Number(end.readBigUInt64LE(48));
    }
    const directory = read(start, length);
    const entries = new Map<string, ZipEntry>();
    for (let position = 0; entries.size < count; ) {
      if (position + 46 > directory.length || directory.readUInt32LE(position) !== entrySignature) {
        throw dataError(path, 'the directory of the archive is damaged');
      }
      const nameEnd = position + 46 + directory.readUInt16LE(position + 28);
      const extraEnd = nameEnd + directory.readUInt16LE(position + 30);
      const name = directory.toString('utf8', position + 46, nameEnd);
      const wide = readWideFields(directory.subarray(nameEnd, extraEnd));
      const field = (offset: number): number => {
        const value = directory.readUInt32LE(position + offset);
        return value === unknown32 ? (wide.shift() ?? value) : value;
      };
      const size = field(24);
      const compressedSize = field(20);
      const headerOffset = field(42);
      entries.set(name, {
        name,
        method: directory.readUInt16LE(position + 10),
        crc: directory.readUInt32LE(position + 16),
        compressedSize,
        size,
        headerOffset,
      });
      position = extraEnd + directory.readUInt16LE(position + 32);
    }
    return entries;
  });
}

/** The 64-bit sizes and offset of an entry, in the order of the fields that refer to them. */
function readWideFields(extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    const count = Math.floor(Math.min(extra.readUInt16LE(at + 2), extra.length - at - 4) / 8);
    return Array.from({ length: count }, (_, i) => Number(extra.readBigUInt64LE(at + 4 + 8 * i)));
  }
  return [];
}

/**
 * Passes an entry's bytes on piece by piece, and checks their number and CRC-32 at the end. What
 * `receive` throws ends the reading and is thrown on.
 */
export async function streamZipEntry(
  path: string,
  entry: ZipEntry,
  receive: (piece: Uint8Array) => void,
): Promise<void> {
  if (entry.method !== 0 && entry.method !== 8) {
    throw dataError(path, `${entry.name} is packed by a method that is not read (${entry.method})`);
  }
  const start = withFile(path, (read) => {
    const local = read(entry.headerOffset, 30);
    if (local.length < 30 || local.readUInt32LE(0) !== localSignature) {
      throw dataError(path, `${entry.name} is not where the archive's directory says`);
    }
    return entry.headerOffset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
  });
  let size = 0;
  let crc = 0;
  const take = async (pieces: AsyncIterable<Uint8Array>) => {
    for await (const piece of pieces) {
      size += piece.length;
      crc = crc32(piece, crc);
      receive(piece);
    }
  };
  if (entry.compressedSize > 0) {
    const source = createReadStream(path, {
      start,
      end: start + entry.compressedSize - 1,
      highWaterMark: 1 << 20,
    });
    try {
      if (entry.method === 0) await pipeline(source, take);
      else await pipeline(source, createInflateRaw({ chunkSize: 1 << 20 }), take);
    } catch (error) {
      if (!isZlibError(error)) throw error;
      throw dataError(path, `${entry.name} is damaged or cut off (${error.message})`, error);
    }
  }
  if (size !== entry.size || crc !== entry.crc) {
    throw dataError(path, `${entry.name} is damaged: its size or checksum is not the stated one`);
  }
}

/** All bytes of an entry. */
export async function readZipEntry(path: string, entry: ZipEntry): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  await streamZipEntry(path, entry, (piece) => pieces.push(piece));
  return Buffer.concat(pieces);
}

function isZlibError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}

type Read = (position: number, length: number) => Buffer;

function withFile<T>(path: string, use: (read: Read, size: number) => T): T {
  const file = openSync(path, 'r');
  try {
    return use((position, length) => {
      const buffer = Buffer.alloc(length);
      return buffer.subarray(0, readSync(file, buffer, 0, length, position));
    }, fstatSync(file).size);
  } finally {
    closeSync(file);
  }
}
