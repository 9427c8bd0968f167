import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { readTextIfThere } from '../../core/files.js';
import { addonPlace, putBackAddon } from '../../setup/addon/put-back.js';
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

/** Where the package of the addon lies, and its version; undefined where it is not installed. */
export function findAddonPackage(): { readonly folder: string; readonly version: string } | undefined {
  try {
    const file = resolveFromRoot(`${addonPackage}/package.json`);
    return { folder: dirname(file), version: JSON.parse(readTextIfThere(file) ?? '').version };
  } catch {
    return undefined;
  }
}
