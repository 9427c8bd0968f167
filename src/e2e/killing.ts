import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { listPlans } from '../cli/find-plan.js';
import { readTextIfThere } from '../core/files/files.js';
import { isJsonObject } from '../core/json.js';
import { runFolder, runPaths } from '../runs/folder.js';
import { readManifest } from '../runs/provenance/manifest.js';
import { readStatus } from '../runs/status.js';
import { readPlan, readPlannedJob, sweepFolder } from '../sweeps/plan.js';
import { runCommand, toyStudy } from './cli.js';
import { collectSnapshot, compareSnapshots, type Snapshot } from './snapshot.js';

/** How far a run, or a study, had come. */
export type Stage =
  | 'planning'
  | 'queued'
  | 'starting'
  | 'training'
  | 'evaluating'
  | 'writing'
  | 'reporting'
  | 'done';

/** One trained run with six checkpoints and three monitors, and two references: a few seconds in all. */
export function killStudy(results: string, ...more: readonly string[]): string[] {
  return toyStudy(
    results,
    'split=extrapolation',
    'training.steps=240',
    'training.checkpoint_every=40',
    'training.log_every=20',
    'training.monitor={every: 80, examples: 32}',
    'evaluation.test_examples=1024',
    ...more,
  );
}

/** Runs the study again, undisturbed, and expects it to end with the very bytes of `expected`. */
export async function finishStudy(results: string, expected: Snapshot, what: string): Promise<void> {
  const { code, stderr } = await runCommand('experiment', killStudy(results));
  expect({ what, code, stderr: code === 0 ? '' : stderr }).toEqual({ what, code: 0, stderr: '' });
  const differences = compareSnapshots(expected, collectSnapshot(results));
  expect({ what, differences }).toEqual({ what, differences: [] });
}

/**
 * Looks until there is something to see, however long that takes on a busy machine: what never comes is ended by
 * the test's own limit. Give a command that the event depends on: undefined when it has ended without.
 */
export async function waitFor<T>(
  look: () => T | undefined,
  command?: { readonly exitCode: number | null; readonly signalCode: string | null },
): Promise<T | undefined> {
  for (;;) {
    const hasEnded = command !== undefined && (command.exitCode !== null || command.signalCode !== null);
    const seen = look();
    if (seen !== undefined || hasEnded) return seen;
    await sleep(15);
  }
}

export interface JobProcess {
  readonly pid: number;
  readonly study: string;
  readonly run: string;
}

/** Processes of jobs that the command with this pid has started and that have not ended. */
export function listJobs(parent: number | undefined): readonly JobProcess[] {
  return listProcesses().flatMap(({ pid, ppid, command }) => {
    const words = /job\.mjs .*?(\S+\.jsonl) (\d+)/.exec(command);
    if (ppid !== parent || words === null) return [];
    const { study, job } = readPlannedJob(words[1]!, Number(words[2]));
    return [{ pid, study, run: job.run }];
  });
}

export function isRunning(pid: number): boolean {
  return listProcesses().some((process) => process.pid === pid);
}

/** False where the process has ended by itself. */
export function tryKill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

interface Process {
  readonly pid: number;
  readonly ppid: number;
  readonly command: string;
}

/** All processes but those that have ended and that nobody has waited for yet. */
function listProcesses(): readonly Process[] {
  const lines = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' });
  return lines.split('\n').flatMap((line) => {
    const [, pid, ppid, state, command = ''] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (state === undefined || state.startsWith('Z')) return [];
    return [{ pid: Number(pid), ppid: Number(ppid), command }];
  });
}

/** How far one run has come, from what lies on the disk. */
export function stageOfRun(results: string, study: string, run: string): Stage {
  const paths = runPaths(runFolder(results, study, run));
  const status = readStatus(paths, run);
  if (status === undefined || status.state === 'queued') return 'queued';
  if (status.state === 'done') return 'done';
  const manifest = readManifest(paths);
  if (manifest === undefined) return 'starting';
  if (readTextIfThere(paths.predictions) !== undefined) return 'writing';
  const isReference = isJsonObject(manifest.engine) && manifest.engine.tier === 'none';
  return isReference || status.stages.trained !== undefined ? 'evaluating' : 'training';
}

/** How far a study has come: what its trained runs do, else its references, else its tables and figures. */
export function stageOfStudy(results: string): Stage {
  const [name] = listPlans(results);
  const planFile = join(sweepFolder(results, name ?? ''), 'plan.jsonl');
  if (name === undefined || readTextIfThere(planFile) === undefined) return 'planning';
  const { study, jobs } = readPlan(planFile);
  const stages = jobs.map(({ run }) => stageOfRun(results, study, run));
  const begun = stages.filter((stage) => stage !== 'done' && stage !== 'queued');
  if (begun[0] !== undefined) return begun[0];
  return stages.includes('queued') ? 'queued' : 'reporting';
}
