import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode, explainFileError } from '../core/files/file-errors.js';
import { type RunPaths, runPaths, runsFolder } from './folder.js';
import type { LockHolder, LockOptions } from './lock/lock.js';
import { observeStatus, type RunStatus } from './status.js';

export interface RunListing {
  readonly study: string;
  readonly run: string;
  readonly paths: RunPaths;
  /** Undefined for a folder in which no run was begun. */
  readonly status: RunStatus | undefined;
  /** Who runs it now. */
  readonly holder: LockHolder | undefined;
}

/** Every run on the disk, of one study or of all, by name; a running one whose process is gone is interrupted. */
export function listRuns(
  resultsFolder: string,
  study?: string,
  options: LockOptions = {},
): readonly RunListing[] {
  const studies = study === undefined ? listFolders(runsFolder(resultsFolder)) : [study];
  return studies.flatMap((name) => {
    const folder = runsFolder(resultsFolder, name);
    return listFolders(folder)
      .filter((run) => /^[0-9a-f]{10}$/.test(run))
      .map((run) => {
        const paths = runPaths(join(folder, run));
        return { study: name, run, paths, ...observeStatus(paths, run, options) };
      });
  });
}

function listFolders(path: string): readonly string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw explainFileError(error, path, 'read');
  }
}
