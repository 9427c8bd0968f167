import { existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder } from '../core/files/cache-folder.js';
import { temporaryOwner } from '../core/files/files.js';
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
