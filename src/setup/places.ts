import { existsSync, readdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { temporaryOwner } from '../core/files.js';
import { type FetchedVariant, release } from './library/release.js';

/** Where setup keeps what outlives `npm ci`. */
export interface Places {
  /** `tensorflow/` in the cache. */
  readonly folder: string;
  /** One folder per built addon, named by its key. */
  readonly addons: string;
  /** A link to the addon in use. */
  readonly active: string;
}

export function findPlaces(environment: NodeJS.ProcessEnv = process.env): Places {
  const folder = join(cacheFolder(environment), 'tensorflow');
  return { folder, addons: join(folder, 'addons'), active: join(folder, 'active') };
}

/** `$HELDOUT_CACHE`, or `heldout` in `$XDG_CACHE_HOME`, or `~/.cache/heldout`. */
function cacheFolder({ HELDOUT_CACHE, XDG_CACHE_HOME, HOME }: NodeJS.ProcessEnv): string {
  if (HELDOUT_CACHE !== undefined && HELDOUT_CACHE !== '') return resolve(HELDOUT_CACHE);
  // The standard wants relative paths ignored.
  const usual = XDG_CACHE_HOME?.startsWith('/') ? XDG_CACHE_HOME : join(HOME ?? homedir(), '.cache');
  return join(usual, 'heldout');
}

/** `2.21.0-cpu`: the folder of a fetched TensorFlow. */
export function libraryFolder(places: Places, variant: FetchedVariant): string {
  return join(places.folder, `${release.version}-${variant}`);
}

/** Removes what a setup that was killed left behind. */
export function removeAbandoned(places: Places): void {
  for (const folder of [places.folder, places.addons]) {
    if (!existsSync(folder)) continue;
    for (const name of readdirSync(folder)) {
      const owner = temporaryOwner(name);
      if (owner !== undefined && !isRunning(owner))
        rmSync(join(folder, name), { recursive: true, force: true });
    }
  }
}

function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** The nearest folder above a path, or itself, that exists. */
export function nearestFolder(path: string): string {
  let folder = path;
  while (!existsSync(folder)) folder = dirname(folder);
  return folder;
}
