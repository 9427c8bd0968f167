import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

let found: string | undefined;

/**
 * The folder of Heldout itself: the one whose package.json is ours. Compiled code lives in a cache
 * folder, so its place says nothing; the launcher passes the answer in `HELDOUT_ROOT`.
 */
export function projectRoot(): string {
  found ??= process.env.HELDOUT_ROOT ?? searchUpwards(dirname(fileURLToPath(import.meta.url)));
  return found;
}

function searchUpwards(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).name === 'heldout') return folder;
    if (dirname(folder) === folder) throw new Error(`no package.json of heldout above ${start}`);
  }
}

/** A path of the config, taken from the project's folder when it is relative. */
export function fromRoot(path: string): string {
  return resolve(projectRoot(), path);
}
