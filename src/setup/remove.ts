import { existsSync, lstatSync, readdirSync, readlinkSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { removeAtomic, temporaryOwner } from '../core/files/files.js';
import { addonPlace } from './addon/put-back.js';
import { explainCacheError } from './explain.js';
import { findPlaces } from './places.js';

export interface Removed {
  readonly paths: readonly string[];
  readonly bytes: number;
  /** An addon in the package that setup did not put there, and that stays. */
  readonly left: string | undefined;
}

/** Removes all that setup made, in the cache and in the package: its own names alone, and a folder only when empty. */
export function removeSetup(packageFolder: string | undefined): Removed {
  const places = findPlaces();
  const names = existsSync(places.folder) ? readdirSync(places.folder).filter(isOurs) : [];
  const paths = names.map((name) => join(places.folder, name));
  let left: string | undefined;
  const place = packageFolder === undefined ? undefined : addonPlace(packageFolder);
  const found = place === undefined ? undefined : lstatSync(place, { throwIfNoEntry: false });
  if (found?.isSymbolicLink() && readlinkSync(place!).startsWith(places.folder)) paths.unshift(place!);
  else if (found !== undefined) left = place;
  const bytes = paths.reduce((sum, path) => sum + measure(path), 0);
  try {
    for (const path of paths) removeAtomic(path);
    if (names.length > 0 && readdirSync(places.folder).length === 0) rmdirSync(places.folder);
  } catch (error) {
    throw explainCacheError(error, places.folder);
  }
  return { paths, bytes, left };
}

function isOurs(name: string): boolean {
  return (
    ['active', 'addons'].includes(name) ||
    /^\d+\.\d+\.\d+-(cpu|cuda)$/.test(name) ||
    temporaryOwner(name) !== undefined
  );
}

function measure(path: string): number {
  const found = lstatSync(path);
  if (!found.isDirectory()) return found.size;
  return readdirSync(path).reduce((sum, name) => sum + measure(join(path, name)), 0);
}
