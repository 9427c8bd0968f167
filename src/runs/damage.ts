import { statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { explainFileError } from '../core/files/file-errors.js';
import { readBytesIfThere } from '../core/files/files.js';
import { sha256 } from '../core/hash.js';
import { checkpointFiles } from './checkpoints/checkpoints.js';
import type { RunPaths } from './folder.js';
import type { FileSums, RunStatus } from './status.js';

/**
 * Sums of what a finished run consists of: its config, provenance, metrics, split, predictions, record, and last
 * checkpoint.
 */
export function sumFiles(paths: RunPaths, checkpoint: string | undefined): FileSums {
  const last = checkpoint === undefined ? [] : checkpointFiles.map((name) => join(checkpoint, name));
  const { config, resolved, overrides, provenance, manifest, patch } = paths;
  const made = [paths.metrics, paths.split, paths.predictions, paths.record, paths.attacks, ...last];
  const files = [config, resolved, overrides, provenance, manifest, patch, ...made];
  const sums: Record<string, { bytes: number; sha256: string }> = {};
  for (const path of files) {
    const bytes = readBytesIfThere(path);
    if (bytes === undefined) continue;
    sums[relative(paths.folder, path).split(sep).join('/')] = { bytes: bytes.length, sha256: sha256(bytes) };
  }
  return sums;
}

/** The sums after an evaluation: what it did not write keeps the sum it had, so that damage stays known. */
export function keepSums(found: FileSums, former: FileSums, written: ReadonlySet<string>): FileSums {
  const kept = Object.entries(former).filter(([name]) => !written.has(name));
  return { ...found, ...Object.fromEntries(kept) };
}

/** What is damaged of a run that should have nothing left to do, in words, or undefined. */
export function findRunDamage(paths: RunPaths, status: RunStatus, evaluation: string): string | undefined {
  if (status.error?.code === 'E_STATUS_DAMAGED') return status.error.message;
  if (status.state !== 'done' || status.stages.evaluated !== evaluation) return undefined;
  return findDamage(paths, status.files ?? {});
}

/**
 * The first file of a finished run that is not as it was, in words, or undefined. Checkpoints are the bulk:
 * only their sizes are compared here, their checksums when they are read; a missing one is no damage, since
 * nothing but another evaluation needs it.
 */
export function findDamage(paths: RunPaths, sums: FileSums): string | undefined {
  for (const name of Object.keys(sums)) {
    const damage = findDamageOf(paths, sums, name);
    if (damage !== undefined) return damage;
  }
  return undefined;
}

/** The same of one file, by its path relative to the run folder; none where it has no sum. */
export function findDamageOf({ folder }: RunPaths, sums: FileSums, name: string): string | undefined {
  const sum = sums[name];
  if (sum === undefined) return undefined;
  const path = join(folder, name);
  const isCheckpoint = name.startsWith('checkpoints/');
  const size = sizeOf(path);
  if (size === undefined) return isCheckpoint ? undefined : `${name} is missing`;
  if (size !== sum.bytes) return `${name} has ${size} bytes, not the ${sum.bytes} that were written`;
  if (isCheckpoint || sha256(readBytesIfThere(path) ?? '') === sum.sha256) return undefined;
  return `${name} does not have the checksum it was written with`;
}

function sizeOf(path: string): number | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })?.size;
  } catch (error) {
    throw explainFileError(error, path, 'read');
  }
}
