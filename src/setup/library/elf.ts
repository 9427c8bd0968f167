import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/**
 * Why a file is no whole shared library of Linux x64, or undefined: what its header says of class, processor and
 * place of the section table, which stands at the end (System V ABI, chapter 4).
 */
export function findLibraryFault(path: string): string | undefined {
  const header = Buffer.alloc(64);
  const descriptor = openSync(path, 'r');
  try {
    const read = readSync(descriptor, header, 0, 64, 0);
    if (read < 64 || header.toString('latin1', 0, 4) !== '\x7fELF') return 'is no library of Linux';
    const isLittle64 = header[4] === 2 && header[5] === 1;
    if (!isLittle64 || header.readUInt16LE(18) !== 62) return 'was made for another processor';
    const end = header.readBigUInt64LE(40) + BigInt(header.readUInt16LE(58) * header.readUInt16LE(60));
    return end > BigInt(fstatSync(descriptor).size) ? 'is cut short' : undefined;
  } finally {
    closeSync(descriptor);
  }
}
