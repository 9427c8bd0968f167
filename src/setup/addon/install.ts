import { existsSync, readlinkSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  makeFolder,
  readTextIfThere,
  removeAtomic,
  renameDurably,
  temporaryName,
  writeFileAtomic,
} from '../../core/files/files.js';
import { identify } from '../../core/hash.js';
import { isJsonObject } from '../../core/json.js';
import { isUnchanged, type Library, readLibrary } from '../library/library.js';
import { napiVersion, type Variant } from '../library/release.js';
import type { Places } from '../places.js';
import { addonNames } from './addon-names.js';

/** What was built against what: `install.json` beside the addon. */
export interface Install {
  readonly schema: 1;
  /** Version of tfjs-node-gpu, whose sources the addon is made of. */
  readonly package: string;
  readonly tensorflow: {
    readonly version: string;
    readonly variant: Variant;
    /** The folder that holds `tensorflow/` and `nvidia/`. */
    readonly site: string;
    readonly bytes: Library['bytes'];
  };
  /** Hash of this project's sources in it; absent from what an older Heldout built. */
  readonly sources?: string;
  /** What the compiler says of itself. */
  readonly compiler: string;
  /** Where the known step ran when the addon was checked. */
  readonly checkedOn: 'cpu' | 'gpu';
  /** When, ISO 8601. */
  readonly built: string;
}

/** An install and where it lies. */
export interface Installed extends Install {
  readonly folder: string;
  readonly addon: string;
}

const recordName = 'install.json';

/** The name of an addon's folder: a hash of what decides its bytes. */
export function addonKey(packageVersion: string, sources: string, library: Library): string {
  const { version = null, variant, site, bytes } = library;
  return identify({ napi: napiVersion, package: packageVersion, sources, version, variant, site, bytes });
}

export function writeInstall(folder: string, install: Install): void {
  writeFileAtomic(join(folder, recordName), `${JSON.stringify(install, null, 2)}\n`);
}

/** Reads an addon's folder; undefined where its record or a file is missing. */
export function readInstall(folder: string): Installed | undefined {
  const text = readTextIfThere(join(folder, recordName));
  if (text === undefined) return undefined;
  const value: unknown = parse(text);
  if (!isJsonObject(value) || value.schema !== 1) return undefined;
  if (Object.values(addonNames).some((name) => !existsSync(join(folder, name)))) return undefined;
  return { ...(value as unknown as Install), folder, addon: join(folder, addonNames.loader) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether the TensorFlow of an install is still the one it was built against. */
export function isSound({ tensorflow: { site, variant, bytes } }: Install): boolean {
  return isUnchanged(readLibrary(site, variant), bytes);
}

/** The install in use, or undefined. */
export function readActive(places: Places): Installed | undefined {
  try {
    return readInstall(resolve(places.folder, readlinkSync(places.active)));
  } catch {
    return undefined;
  }
}

/** Puts an install in use, for every checkout of this user. */
export function activate(places: Places, install: Installed): void {
  replaceLink(places.active, install.folder);
}

/** Makes a link in place of whatever stands there, so that a reader finds the old or the new. */
export function replaceLink(path: string, target: string): void {
  const temporary = temporaryName(path);
  makeFolder(resolve(path, '..'));
  removeAtomic(temporary);
  symlinkSync(target, temporary);
  renameDurably(temporary, path);
}
