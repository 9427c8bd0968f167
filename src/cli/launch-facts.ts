import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../core/files.js';
import { projectRoot } from '../core/paths.js';
import { type CapturedEnvironment, captureEnvironment } from '../runs/environment.js';

/** What all jobs of one launch share, looked up once. */
export interface LaunchFacts {
  readonly resultsFolder: string;
  readonly environment: CapturedEnvironment;
}

/** Writes the facts beside the plan and returns the file's path. */
export function writeLaunch(sweepFolder: string, resultsFolder: string, line: readonly string[]): string {
  const path = join(sweepFolder, 'launch.json');
  const command = ['npm', 'run', 'experiment', '--', ...line];
  const facts: LaunchFacts = { resultsFolder, environment: captureEnvironment(projectRoot(), command) };
  writeFileAtomic(path, JSON.stringify(facts));
  return path;
}

export function readLaunch(path: string): LaunchFacts {
  return JSON.parse(readFileSync(path, 'utf8')) as LaunchFacts;
}
