import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { cacheFolder } from '../../../core/files/cache-folder.js';
import { explainFileError } from '../../../core/files/file-errors.js';
import {
  makeFolder,
  readTextIfThere,
  renameDurably,
  temporaryName,
  writeFileAtomic,
} from '../../../core/files/files.js';
import { identify } from '../../../core/hash.js';
import { firstLine } from '../../../core/text.js';
import { decodeImage, type SquareFit } from './decode.js';
import type { ListedImage } from './list-images.js';

/** An image that could not be decoded. */
export interface BadImage {
  readonly path: string;
  readonly reason: string;
}

/** The decoded images of a folder: a file of bytes, one image after the other. */
export interface Decoded {
  readonly pixels: string;
  /** Those that are not in it; the others keep their order. */
  readonly bad: readonly BadImage[];
  /** SHA-256 of the file. */
  readonly sha256: string;
}

const law = 1;
/** Images that are decoded at once: no more of them are in memory. */
const atOnce = 16;

/** Where the decoded images of these files lie, or will. The name changes with any file's size or time. */
function cachePaths(folder: string, images: readonly ListedImage[], fit: SquareFit) {
  const key = identify({ law, folder, fit, images }, 16);
  const base = join(cacheFolder(), 'images', key);
  return { pixels: `${base}.bin`, index: `${base}.json` };
}

/** What was decoded before; undefined where it was not, or the cache is not whole. */
export function findDecoded(
  folder: string,
  images: readonly ListedImage[],
  fit: SquareFit,
): Decoded | undefined {
  const { pixels, index } = cachePaths(folder, images, fit);
  const text = readTextIfThere(index);
  if (text === undefined) return undefined;
  const found = JSON.parse(text) as Omit<Decoded, 'pixels'>;
  const bytes = (images.length - found.bad.length) * fit.side * fit.side * fit.channels;
  if (statSync(pixels, { throwIfNoEntry: false })?.size !== bytes) return undefined;
  return { pixels, bad: found.bad, sha256: found.sha256 };
}

/** Decodes what was not decoded before, a few images at a time, into a file that appears whole or not at all. */
export async function decodeAll(
  folder: string,
  images: readonly ListedImage[],
  fit: SquareFit,
): Promise<Decoded> {
  const known = findDecoded(folder, images, fit);
  if (known !== undefined) return known;
  const { pixels, index } = cachePaths(folder, images, fit);
  makeFolder(join(pixels, '..'));
  const temporary = temporaryName(pixels);
  try {
    const { bad, sha256 } = await decodeInto(temporary, folder, images, fit);
    renameDurably(temporary, pixels);
    writeFileAtomic(index, `${JSON.stringify({ folder, fit, bad, sha256 }, null, 2)}\n`);
    return { pixels, bad, sha256 };
  } catch (error) {
    rmSync(temporary, { force: true });
    throw explainFileError(error, pixels);
  }
}

async function decodeInto(
  path: string,
  folder: string,
  images: readonly ListedImage[],
  fit: SquareFit,
): Promise<{ readonly bad: readonly BadImage[]; readonly sha256: string }> {
  const bad: BadImage[] = [];
  const hash = createHash('sha256');
  const descriptor = openSync(path, 'w');
  try {
    for (let start = 0; start < images.length; start += atOnce) {
      const part = images.slice(start, start + atOnce);
      const decoded = await Promise.allSettled(
        part.map((image) => decodeImage(join(folder, image.path), fit)),
      );
      for (const [at, result] of decoded.entries()) {
        if (result.status === 'rejected') {
          bad.push({ path: part[at]!.path, reason: firstLine(result.reason) });
          continue;
        }
        writeSync(descriptor, result.value);
        hash.update(result.value);
      }
      await setImmediate();
    }
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return { bad, sha256: hash.digest('hex') };
}
