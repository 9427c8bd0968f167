import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { readTextIfThere } from '../../core/files/files.js';
import { addonPlace, isCurrent, putBackAddon } from '../../setup/addon/put-back.js';
import { resolveFromRoot } from './resolve.js';

export const addonPackage = '@tensorflow/tfjs-node-gpu';

/** The built addon of tfjs-node, or undefined: the package arrives without one. */
export function findAddon(): string | undefined {
  const place = addonPlace(findAddonPackage()?.folder ?? '');
  return existsSync(place) ? place : undefined;
}

/** The sentence that says so where the built addon was put back, after `npm ci` had taken it; else undefined. */
export function restoreAddon(): string | undefined {
  const found = findAddonPackage();
  return found === undefined ? undefined : putBackAddon(found.folder, found.version);
}

/** Why Heldout's own ops in the addon in use are not taken, or nothing. */
export function findOpsProblem(said: string | undefined): string | undefined {
  const addon = findAddon();
  if (said === undefined || addon === undefined || !isCurrent(addon))
    return 'the addon was built by another version of Heldout → npm run setup';
  return said === '' ? undefined : said;
}

/** Where the package of the addon lies, and its version; undefined where it is not installed. */
export function findAddonPackage(): { readonly folder: string; readonly version: string } | undefined {
  try {
    const file = resolveFromRoot(`${addonPackage}/package.json`);
    return { folder: dirname(file), version: JSON.parse(readTextIfThere(file) ?? '').version };
  } catch {
    return undefined;
  }
}
