import { readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { errorCode, explainFileError } from '../core/files.js';
import { sha256 } from '../core/hash.js';
import { checkpointFiles } from './checkpoints.js';
import type { RunPaths } from './folder.js';
import type { FileSums } from './status.js';

/** Sums of what a finished run consists of: its log, split, predictions and record, and its last checkpoint. */
export function sumFiles(
  paths: RunPaths,
  checkpoint: string | undefined,
  extra: readonly string[],
): FileSums {
  const last = checkpoint === undefined ? [] : checkpointFiles.map((name) => join(checkpoint, name));
  const files = [paths.metrics, paths.split, paths.predictions, paths.record, ...last, ...extra];
  const sums: Record<string, { bytes: number; sha256: string }> = {};
  for (const path of files) {
    const bytes = readIfThere(path);
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
    if (!isCheckpoint && sha256(readIfThere(path) ?? '') !== sum.sha256) {
      return `${name} does not have the checksum it was written with`;
    }
  }
  return undefined;
}

function sizeOf(path: string): number | undefined {
  return ifThere(path, () => statSync(path).size);
}

function readIfThere(path: string): Buffer | undefined {
  return ifThere(path, () => readFileSync(path));
}

function ifThere<T>(path: string, look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw explainFileError(error, path);
  }
}
