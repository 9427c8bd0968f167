import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../core/files/file-errors.js';
import { removeAtomic, temporaryOwner } from '../core/files/files.js';
import { listCheckpoints } from './checkpoints/checkpoints.js';
import { listRuns, type RunListing } from './list.js';
import { acquireLock } from './lock/lock.js';

export interface CleanOptions {
  readonly resultsFolder: string;
  /** One study only; all of them by default. */
  readonly study?: string;
  /** Remove failed and interrupted runs too, with all they hold. */
  readonly failed?: boolean;
}

/** Something that can go, how much it holds and why it is not needed. */
export interface CleanItem {
  readonly path: string;
  readonly bytes: number;
  readonly reason: string;
  /** The run that it belongs to, or undefined outside of the run folders. */
  readonly run: RunListing | undefined;
}

/**
 * What can be removed: half-written files, all but the last checkpoint of finished runs and, if asked
 * for, failed and interrupted runs. Runs in work are left alone. Removes nothing.
 */
export function findRemovable(options: CleanOptions): readonly CleanItem[] {
  const runs = listRuns(options.resultsFolder, options.study);
  const items = runs.flatMap((run) => {
    if (run.holder !== undefined) return [];
    const state = run.status?.state;
    if (options.failed === true && (state === 'failed' || state === 'interrupted')) {
      return [describe(run.paths.folder, `${state} run`, run)];
    }
    const old = state === 'done' ? listCheckpoints(run.paths.checkpoints).slice(0, -1) : [];
    return [
      ...findTemporary(run.paths.folder).map((path) => describe(path, 'half-written file', run)),
      ...old.map((path) => describe(path, 'earlier checkpoint of a finished run', run)),
    ];
  });
  if (options.study !== undefined) return items;
  const others = findTemporary(options.resultsFolder, new Set(runs.map((run) => run.paths.folder)));
  return [...items, ...others.map((path) => describe(path, 'half-written file', undefined))];
}

/** Removes the items and returns those that went; what a process has taken up since stays. */
export function removeItems(items: readonly CleanItem[]): readonly CleanItem[] {
  return items.filter((item) => {
    if (item.run === undefined) {
      removeAtomic(item.path);
      return true;
    }
    const attempt = acquireLock(item.run.paths.lock);
    if (!attempt.held) return false;
    try {
      removeAtomic(item.path);
    } finally {
      attempt.lock.release();
    }
    return true;
  });
}

/** Temporary files and folders, not below `except`, whose process is gone. */
function findTemporary(folder: string, except: ReadonlySet<string> = new Set()): readonly string[] {
  return readEntries(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    const owner = temporaryOwner(entry.name);
    if (owner !== undefined) return isRunning(owner) ? [] : [path];
    return entry.isDirectory() && !except.has(path) ? findTemporary(path, except) : [];
  });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

function describe(path: string, reason: string, run: RunListing | undefined): CleanItem {
  return { path, reason, run, bytes: sizeBelow(path) };
}

function sizeBelow(path: string): number {
  const entries = readEntries(path);
  if (entries.length > 0) return entries.reduce((sum, entry) => sum + sizeBelow(join(path, entry.name)), 0);
  try {
    const stat = lstatSync(path);
    return stat.isFile() ? stat.size : 0;
  } catch {
    return 0;
  }
}

function readEntries(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
