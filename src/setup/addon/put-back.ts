import { lstatSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { napiVersion } from '../library/release.js';
import { findPlaces, type Places } from '../places.js';
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
  const install = chooseInstall(findPlaces(), packageVersion);
  if (install === undefined) return undefined;
  const state = addonState(packageFolder, install);
  if (state === 'linked' || state === 'foreign') return undefined;
  try {
    replaceLink(addonPlace(packageFolder), install.addon);
  } catch (error) {
    return `the built addon could not be put back into node_modules (${error instanceof Error ? error.message : error})`;
  }
  return `put the built addon back into node_modules, from ${install.folder}`;
}

/**
 * The install in use. Where another checkout, with other sources, was set up last: the one for the same TensorFlow
 * that was built of this checkout's, if there is one.
 */
function chooseInstall(places: Places, packageVersion: string): Installed | undefined {
  const active = readActive(places);
  if (active === undefined || active.package !== packageVersion) return undefined;
  const sources = hashSources();
  if (active.sources === sources) return active;
  const own = readdirSync(places.addons)
    .map((name) => readInstall(join(places.addons, name)))
    .find((one) => one?.sources === sources && isLike(one, active));
  return own ?? active;
}

function isLike(one: Installed, other: Installed): boolean {
  const { site, variant, bytes } = one.tensorflow;
  return (
    one.package === other.package &&
    site === other.tensorflow.site &&
    variant === other.tensorflow.variant &&
    JSON.stringify(bytes) === JSON.stringify(other.tensorflow.bytes)
  );
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
