import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { renameDurably, writeFileAtomic } from '../../core/files/files.js';
import { findDamageOf } from '../damage.js';
import type { RunPaths } from '../folder.js';
import type { FileSums } from '../status.js';
import { type Manifest, makeManifest, type RunFacts, type RunIdentity, readManifest } from './manifest.js';

/** The manifest in the hands of the process that may write it. */
export interface ManifestKeeper {
  /** Where a damaged one lies now; undefined where it was as written. */
  readonly setAside: string | undefined;
  read(): Manifest | undefined;
  begin(facts: RunFacts, patch: string, resumedFrom: number): void;
  /** Writes what `begin` did not, and says whether the manifest is from this attempt. */
  finish(): boolean;
}

/**
 * Nothing is believed of a manifest that does not have the sum in `sums`: a run moves it out of the way and writes
 * another. An evaluation writes its attempt when it finishes, and leaves a damaged one to the run.
 */
export function keepManifest(
  paths: RunPaths,
  identity: RunIdentity,
  sums: FileSums,
  evaluate: boolean,
): ManifestKeeper {
  const isDamaged = findDamageOf(paths, sums, basename(paths.manifest)) !== undefined;
  const setAside = isDamaged && !evaluate && existsSync(paths.manifest) ? moveAway(paths) : undefined;
  const isTrusted = !isDamaged || !evaluate;
  let manifest: Manifest | undefined;
  const write = () => writeFileAtomic(paths.manifest, `${JSON.stringify(manifest, null, 2)}\n`);
  return {
    setAside,
    read: () => (isTrusted ? readManifest(paths) : undefined),
    begin(facts, patch, resumedFrom) {
      if (!isTrusted) return;
      manifest = makeManifest(paths, identity, facts, resumedFrom);
      if (evaluate) return;
      if (patch !== '' && resumedFrom === 0) writeFileAtomic(paths.patch, patch);
      write();
    },
    finish() {
      if (manifest !== undefined && evaluate) write();
      return manifest !== undefined;
    },
  };
}

function moveAway(paths: RunPaths): string {
  const kept = paths.manifest.replace(/\.json$/, '.damaged.json');
  renameDurably(paths.manifest, kept);
  return kept;
}
