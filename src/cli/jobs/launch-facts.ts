import { join } from 'node:path';
import { HeldoutError } from '../../core/errors.js';
import { readTextIfThere, removeOlder, writeFileAtomic } from '../../core/files/files.js';
import { projectRoot } from '../../core/files/paths.js';
import { identify } from '../../core/hash.js';
import { type CapturedEnvironment, captureEnvironment } from '../../runs/provenance/environment.js';
import { printNotice } from '../output/print.js';

/** What all jobs of one launch share, looked up once. */
export interface LaunchFacts {
  readonly resultsFolder: string;
  /** Threads of a job whose config leaves them open. */
  readonly threads: number;
  /** Of runs for which a trial found another number, by run. */
  readonly threadsOf?: Readonly<Record<string, number>>;
  readonly environment: CapturedEnvironment;
}

/** How many launches before stay, since their jobs may still be running. */
const keptLaunches = 8;

/**
 * Writes the facts beside the plan as `launch-<hash>.json`, so that another launch of the plan changes nothing
 * for the jobs of this one, and returns the file's path.
 */
export function writeLaunch(
  folder: string,
  {
    line,
    ...shared
  }: Omit<LaunchFacts, 'environment'> & {
    /** The command line as typed. */
    readonly line: readonly string[];
  },
): string {
  const command = ['npm', 'run', 'experiment', '--', ...line];
  const facts: LaunchFacts = { ...shared, environment: captureEnvironment(projectRoot(), command) };
  const omitted = facts.environment.environment.git?.omitted;
  if (omitted !== undefined)
    printNotice(`warning: the uncommitted changes of the code are not kept: ${omitted}`);
  const path = join(folder, `launch-${identify(facts)}.json`);
  writeFileAtomic(path, JSON.stringify(facts));
  removeOlder(path, /^launch-[0-9a-f]+\.json$/, keptLaunches);
  return path;
}

export function readLaunch(path: string): LaunchFacts {
  const text = readTextIfThere(path);
  try {
    if (text !== undefined) return JSON.parse(text) as LaunchFacts;
  } catch {
    // Refused below, like one that is missing.
  }
  throw new HeldoutError({
    code: 'E_LAUNCH_DAMAGED',
    message: 'what the jobs of this launch share is missing or damaged',
    place: path,
    hints: ['run the same command again'],
    exitCode: 1,
  });
}
