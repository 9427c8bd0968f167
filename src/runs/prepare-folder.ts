import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import {
  makeFolder,
  readTextIfThere,
  removeAtomic,
  temporaryOwner,
  writeFileAtomic,
} from '../core/files/files.js';
import type { RunPaths } from './folder.js';
import type { RunSpec } from './run.js';

/** What the run is to be, for people and for `status`; the job itself reads its plan. */
export function writeSnapshot(paths: RunPaths, spec: RunSpec): void {
  const files: readonly (readonly [string, string])[] = [
    [paths.config, stringify(spec.composed)],
    [paths.resolved, stringify(spec.config)],
    [paths.overrides, spec.overrides.map((line) => `${line}\n`).join('')],
    [paths.provenance, `${JSON.stringify(spec.provenance, null, 2)}\n`],
  ];
  for (const [path, text] of files) {
    if (readTextIfThere(path) !== text) writeFileAtomic(path, text);
  }
}

/** Half-written files of a process that died; those of the lock belong to whoever tries for it. */
export function removeLeftovers(paths: RunPaths): void {
  for (const folder of [paths.folder, paths.checkpoints]) {
    makeFolder(folder);
    for (const name of readdirSync(folder)) {
      if (temporaryOwner(name) !== undefined && !name.startsWith('lock')) removeAtomic(join(folder, name));
    }
  }
}
