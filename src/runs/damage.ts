import { statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { explainFileError } from '../core/file-errors.js';
import { readBytesIfThere } from '../core/files.js';
import { sha256 } from '../core/hash.js';
import { checkpointFiles } from './checkpoints.js';
import type { RunPaths } from './folder.js';
import type { FileSums } from './status.js';

/** Sums of what a finished run consists of: its config, metrics, split, predictions, record, and last checkpoint. */
export function sumFiles(paths: RunPaths, checkpoint: string | undefined): FileSums {
  const last = checkpoint === undefined ? [] : checkpointFiles.map((name) => join(checkpoint, name));
  const { config, resolved, overrides, provenance, metrics, split, predictions, record } = paths;
  const files = [config, resolved, overrides, provenance, metrics, split, predictions, record, ...last];
  const sums: Record<string, { bytes: number; sha256: string }> = {};
  for (const path of files) {
    const bytes = readBytesIfThere(path);
    if (bytes === undefined) continue;
    sums[relative(paths.folder, path).split(sep).join('/')] = { bytes: bytes.length, sha256: sha256(bytes) };
  }
  return sums;
}

/**
 * The first file of a finished run that is not as it was, in words, or undefined. Checkpoints are the bulk:
 * only their sizes are compared here, their checksums when they are read; a missing one is no damage, since
 * nothing but another evaluation needs it.
 */
export function findDamage(paths: RunPaths, sums: FileSums): string | undefined {
  for (const [name, sum] of Object.entries(sums)) {
    const path = join(paths.folder, name);
    const isCheckpoint = name.startsWith('checkpoints/');
    const size = sizeOf(path);
    if (size === undefined && isCheckpoint) continue;
    if (size === undefined) return `${name} is missing`;
    if (size !== sum.bytes) return `${name} has ${size} bytes, not the ${sum.bytes} that were written`;
    if (!isCheckpoint && sha256(readBytesIfThere(path) ?? '') !== sum.sha256) {
      return `${name} does not have the checksum it was written with`;
    }
  }
  return undefined;
}

function sizeOf(path: string): number | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })?.size;
  } catch (error) {
    throw explainFileError(error, path);
  }
}
