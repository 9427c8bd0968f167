import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { HeldoutError } from '../core/errors.js';
import { type RunPaths, runPaths } from '../runs/folder.js';
import { listRuns } from '../runs/list.js';

export interface FoundRun {
  readonly run: string;
  readonly paths: RunPaths;
  readonly results: string;
}

/** A run folder as the user sees it; npm starts scripts elsewhere. */
export function openRunFolder(name: string): FoundRun | undefined {
  const folder = resolve(process.env.INIT_CWD ?? process.cwd(), name);
  const paths = runPaths(folder);
  if (!existsSync(paths.status)) return undefined;
  return { run: basename(folder), paths, results: resolve(folder, '..', '..', '..') };
}

/** A run by its id or the beginning of one. Throws HeldoutError where there is none, or several. */
export function findRun(results: string, name: string): FoundRun {
  const all = listRuns(results);
  const runs = all.filter(({ run }) => run.startsWith(name));
  const [run] = runs;
  if (run !== undefined && runs.length === 1) return { ...run, results };
  throw new HeldoutError({
    code: 'E_RUN_UNKNOWN',
    message:
      run === undefined ? `there is no run '${name}'` : `'${name}' is the beginning of ${runs.length} runs`,
    place: results,
    hints: [
      ...(runs.length > 1
        ? [
            `one of ${runs
              .slice(0, 8)
              .map((each) => each.run)
              .join(', ')}`,
          ]
        : []),
      all.length === 0 ? 'nothing was run yet' : 'npm run experiment -- status STUDY lists the runs',
    ],
  });
}

/** The study that a run is of. */
export function studyOf({ paths }: FoundRun): string {
  return basename(dirname(paths.folder));
}

/** A run, if the word may be one: a folder, or what run ids begin with. */
export function findRunIfAny(results: string, name: string): FoundRun | undefined {
  const folder = openRunFolder(name);
  if (folder !== undefined) return folder;
  if (!/^[0-9a-f]{1,10}$/.test(name)) return undefined;
  return listRuns(results).some(({ run }) => run.startsWith(name)) ? findRun(results, name) : undefined;
}
