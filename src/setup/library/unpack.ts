import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';
import { syncFile } from '../../core/files/files.js';

/**
 * Unpacks the wanted files of a wheel into a folder; returns how many bytes they hold. Streams: the largest has a
 * gigabyte. The disk has them when it returns.
 */
export async function unpackWheel(
  wheel: string,
  folder: string,
  wants: (path: string) => boolean,
  signal: AbortSignal,
): Promise<number> {
  const zip = await openPromise(wheel, { lazyEntries: true });
  let bytes = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName.endsWith('/') || !wants(entry.fileName)) continue;
      const path = join(folder, entry.fileName);
      mkdirSync(dirname(path), { recursive: true });
      // The upper half of the attributes is the mode; ptxas is a program.
      const mode = (entry.externalFileAttributes >>> 16) & 0o111 ? 0o755 : 0o644;
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(path, { mode }), { signal });
      syncFile(path);
      bytes += entry.uncompressedSize;
    }
  } finally {
    zip.close();
  }
  return bytes;
}

/** The METADATA of a wheel, or nothing where it has none. */
export async function readMetadata(wheel: string): Promise<string> {
  const zip = await openPromise(wheel, { lazyEntries: true });
  try {
    for await (const entry of zip.eachEntry()) {
      if (/^[^/]+\.dist-info\/METADATA$/.test(entry.fileName))
        return await text(await zip.openReadStreamPromise(entry));
    }
  } finally {
    zip.close();
  }
  return '';
}
