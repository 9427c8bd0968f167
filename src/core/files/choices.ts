import { join } from 'node:path';
import { identify } from '../hash.js';
import type { Json } from '../json.js';
import { readTextIfThere, writeFileAtomic } from './files.js';
import { projectRoot } from './paths.js';

/** What a trial found out under the same circumstances on this machine; undefined where it was not made. */
export function recallChoice(circumstances: unknown): Json | undefined {
  try {
    return JSON.parse(readTextIfThere(choiceFile(circumstances)) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}

export function rememberChoice(circumstances: unknown, found: Json): void {
  try {
    writeFileAtomic(choiceFile(circumstances), `${JSON.stringify(found)}\n`);
  } catch {
    // Tried again next time.
  }
}

function choiceFile(circumstances: unknown): string {
  const folder = join(projectRoot(), 'node_modules', '.cache', 'heldout', 'choices');
  return join(folder, `${identify(circumstances)}.json`);
}
