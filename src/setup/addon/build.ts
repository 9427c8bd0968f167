import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { monotonicSeconds, timestamp } from '../../core/clock.js';
import { makeFolder, removeAtomic, renameDurably, temporaryName } from '../../core/files/files.js';
import { projectRoot } from '../../core/files/paths.js';
import type { Library } from '../library/library.js';
import type { Places } from '../places.js';
import { addonNames } from './addon-names.js';
import { checkAddon } from './check.js';
import { buildAddon, type Compiler } from './compiler.js';
import { addonKey, type Installed, readInstall, writeInstall } from './install.js';
import { findSources, hashSources } from './sources.js';

/** tfjs-node-gpu: where it lies, and its version. */
export interface AddonPackage {
  readonly folder: string;
  readonly version: string;
}

export interface Built {
  readonly install: Installed;
  readonly seconds: { readonly build: number; readonly check: number };
}

/** The addon that was built before for this TensorFlow, or undefined. */
export function findBuilt(places: Places, addon: AddonPackage, library: Library): Installed | undefined {
  return readInstall(addonFolder(places, addon, library));
}

/** Builds the addon, checks it, and only then gives it its place in the cache; after a failure nothing is left. */
export async function buildAndCheck(
  places: Places,
  addon: AddonPackage,
  library: Library,
  compiler: Compiler,
  signal: AbortSignal,
): Promise<Built> {
  const folder = addonFolder(places, addon, library);
  const temporary = temporaryName(folder);
  try {
    rmSync(temporary, { recursive: true, force: true });
    makeFolder(temporary);
    const start = monotonicSeconds();
    const headers = createRequire(join(projectRoot(), 'package.json')).resolve(
      'node-api-headers/include/node_api.h',
    );
    await buildAddon({
      compiler,
      library,
      packageFolder: addon.folder,
      headers: join(headers, '..'),
      sources: findSources(),
      folder: temporary,
      signal,
    });
    const middle = monotonicSeconds();
    const checked = await checkAddon(addon.folder, join(temporary, addonNames.loader), library, signal);
    const { site, variant, bytes } = library;
    writeInstall(temporary, {
      schema: 1,
      package: addon.version,
      tensorflow: { version: checked.version, variant, site, bytes },
      sources: hashSources(),
      compiler: compiler.version,
      checkedOn: checked.device,
      built: timestamp(),
    });
    const seconds = { build: middle - start, check: monotonicSeconds() - middle };
    removeAtomic(folder);
    renameDurably(temporary, folder);
    return { install: readInstall(folder)!, seconds };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function addonFolder(places: Places, addon: AddonPackage, library: Library): string {
  return join(places.addons, addonKey(addon.version, hashSources(), library));
}
