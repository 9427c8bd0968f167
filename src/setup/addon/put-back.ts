import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { napiVersion } from '../library/release.js';
import { findPlaces } from '../places.js';
import { addonNames } from './addon-names.js';
import { type Installed, readActive, readInstall, replaceLink } from './install.js';
import { hashSources } from './sources.js';

/** Where tfjs-node looks for its addon. */
export function addonPlace(packageFolder: string): string {
  return join(packageFolder, 'lib', `napi-v${napiVersion}`, addonNames.loader);
}

/**
 * Puts the addon in use back into a package that `npm ci` made anew, as a link into the cache. Returns the sentence
 * that says so, or undefined where nothing was to be done: it is there, nothing was set up, or the file there is
 * not ours. `npm run setup` is what replaces such a file.
 */
export function putBackAddon(packageFolder: string, packageVersion: string): string | undefined {
  const active = readActive(findPlaces());
  if (active === undefined || active.package !== packageVersion) return undefined;
  const state = addonState(packageFolder, active);
  if (state === 'linked' || state === 'foreign') return undefined;
  try {
    replaceLink(addonPlace(packageFolder), active.addon);
  } catch (error) {
    return `the built addon could not be put back into node_modules (${error instanceof Error ? error.message : error})`;
  }
  return `put the built addon back into node_modules, from ${active.folder}`;
}

/** Whether the addon there was built of this checkout's sources. */
export function isCurrent(addon: string): boolean {
  return readInstall(dirname(realpathSync(addon)))?.sources === hashSources();
}

/** `foreign`: a file that setup did not put there. */
export function addonState(
  packageFolder: string,
  install: Installed,
): 'missing' | 'linked' | 'other' | 'foreign' {
  const place = addonPlace(packageFolder);
  const found = lstatSync(place, { throwIfNoEntry: false });
  if (found === undefined) return 'missing';
  if (!found.isSymbolicLink()) return 'foreign';
  return readlinkSync(place) === install.addon ? 'linked' : 'other';
}
