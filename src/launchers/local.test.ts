import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobEvent } from '../core/events.js';
import { writeFileAtomic } from '../core/files/files.js';
import { writeCheckpoint } from '../runs/checkpoints/checkpoints.js';
import { runFolder, runPaths } from '../runs/folder.js';
import { observeStatus, type RunStatus, readStatus } from '../runs/status.js';
import { emptyMark } from '../tracking/metrics-log.js';
import type { Batch, LaunchJob, LaunchOptions, Summary } from './launcher.js';
import { launchLocal } from './local.js';
import { buildProgram, makeTemporaryFolder } from './testing/build-program.js';
import { toySpec, toyStudy } from './testing/toy-run.js';

let program = '';
let parentProgram = '';
const folders: string[] = [];

beforeAll(async () => {
  [program, parentProgram] = await Promise.all([buildProgram('toy-job'), buildProgram('toy-parent')]);
  folders.push(dirname(program), dirname(parentProgram));
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function makeResults(): string {
  const folder = makeTemporaryFolder();
  folders.push(folder);
  return folder;
}

function makeJobs(results: string, count: number): readonly LaunchJob[] {
  return Array.from({ length: count }, (_, index) => {
    const { run } = toySpec(index);
    return { index, run, label: `seed=${index}`, folder: runFolder(results, toyStudy, run) };
  });
}

function launch(
  results: string,
  behaviours: readonly string[],
  options: Partial<LaunchOptions> & { pause?: number } = {},
): Promise<Summary> {
  const batches = makeJobs(results, behaviours.length).map((job): Batch => [job]);
  return launchLocal(batches, {
    command: ([{ index }]) => [
      process.execPath,
      program,
      results,
      String(index),
      behaviours[index] ?? 'work',
      String(options.pause ?? 0),
    ],
    concurrency: 2,
    onEvent: () => {},
    ...options,
  });
}

function statusOf(results: string, seed: number): RunStatus | undefined {
  const { run } = toySpec(seed);
  return observeStatus(runPaths(runFolder(results, toyStudy, run)), run).status;
}

/** Pids of the toy jobs that work in `results`, zombies not counted. */
function findJobs(results: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        return words[1] === program && words.includes(results);
      } catch {
        return false;
      }
    });
}

/** However long it takes on a busy machine: what never comes is ended by the test's own limit. */
async function waitUntil(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await sleep(20);
}

describe('launchLocal', () => {
  it('runs every job in its own process, at most `concurrency` at a time', async () => {
    const results = makeResults();
    const now = new Set<string>();
    let most = 0;
    const summary = await launch(results, ['work', 'work', 'work', 'work', 'work'], {
      onEvent(event) {
        if (event.type === 'started') now.add(event.run);
        if (event.type === 'finished') now.delete(event.run);
        most = Math.max(most, now.size);
      },
      pause: 20,
    });
    expect(summary.counts).toEqual({ done: 5, failed: 0, interrupted: 0, locked: 0, 'not started': 0 });
    expect(most).toBe(2);
    expect(statusOf(results, 4)?.state).toBe('done');
  });

  it('makes the crash of a job its own failure and leaves the rest running', async () => {
    const results = makeResults();
    const events: JobEvent[] = [];
    const summary = await launch(results, ['abort', 'exit 3', 'throw', 'fail', 'work', 'abort before'], {
      onEvent: (event) => events.push(event),
    });
    expect(summary.results.map(({ outcome }) => outcome)).toEqual([
      'failed',
      'failed',
      'failed',
      'failed',
      'done',
      'failed',
    ]);
    const [abort, exit, thrown, fail] = summary.results.map(({ error }) => error?.message ?? '');
    expect(abort).toContain('the process ended by SIGABRT; its last words:\n');
    expect(exit).toBe('the process ended with exit code 3; its last words:\nfirst words\nlast words');
    expect(thrown).toContain('Error: thrown by the job');
    expect(fail).toBe('Error: the loss is not finite');
    expect(events.filter(({ type }) => type === 'failed')).toHaveLength(5);
    for (const seed of [0, 1, 2, 3, 5]) expect(statusOf(results, seed)?.state).toBe('failed');
    expect(statusOf(results, 1)?.error?.code).toBe('E_JOB_CRASHED');
  });

  it('counts a killed job as interrupted: the next launch continues it', async () => {
    const results = makeResults();
    const first = await launch(results, ['kill', 'work']);
    expect(first.results.map(({ outcome }) => outcome)).toEqual(['interrupted', 'done']);
    expect(first.results[0]?.error?.message).toBe('the process was ended by SIGKILL');
    expect(statusOf(results, 0)?.state).toBe('interrupted');
    const second = await launch(results, ['work', 'work']);
    expect(second.counts.done).toBe(2);
    expect(statusOf(results, 0)?.attempts).toBe(2);
    expect(statusOf(results, 1)?.attempts).toBe(1);
  });

  it('says at which step a killed job stands, and leaves the state of a run that was only looked at', async () => {
    const results = makeResults();
    const events: JobEvent[] = [];
    const { run } = toySpec(0);
    const { checkpoints } = runPaths(runFolder(results, toyStudy, run));
    writeCheckpoint(checkpoints, run, { parameters: {}, slots: {}, step: 4 }, emptyMark, null);
    const summary = await launch(results, ['kill', 'abort'], {
      keepStates: true,
      onEvent: (event) => events.push(event),
    });
    expect(events).toContainEqual({ type: 'interrupted', run, step: 4 });
    expect(summary.counts).toMatchObject({ interrupted: 1, failed: 1 });
    // Each died while it had the run: the rest is what it left itself.
    expect(statusOf(results, 1)).toMatchObject({ state: 'interrupted' });
    expect(statusOf(results, 1)?.error).toBeUndefined();
  });

  it('tells of a full disk as the status does: an interruption with its error', async () => {
    const results = makeResults();
    const events: JobEvent[] = [];
    const summary = await launch(results, ['fill the disk', 'work'], {
      failFast: true,
      onEvent: (event) => events.push(event),
    });
    const error = { code: 'E_FILE_ENOSPC' };
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'interrupted', error: expect.objectContaining(error) }),
    );
    expect(summary.results).toMatchObject([{ outcome: 'interrupted', error }, { outcome: 'done' }]);
    expect(statusOf(results, 0)).toMatchObject({ state: 'interrupted', error });
  });

  it('reports a run that another process has as locked, and leaves it alone', async () => {
    const results = makeResults();
    const [job] = makeJobs(results, 1);
    const first = launch(results, ['work'], { pause: 200 });
    await waitUntil(() => statusOf(results, 0)?.state === 'running');
    const second = await launch(results, ['work']);
    expect(second.results[0]).toMatchObject({ job, outcome: 'locked' });
    expect((await first).counts.done).toBe(1);
  });

  it('asks jobs to stop when told to, and starts no further ones', async () => {
    const results = makeResults();
    const stop = new AbortController();
    const summary = await launch(results, ['work', 'work', 'work'], {
      pause: 500,
      stop: stop.signal,
      onEvent: (event) => event.type === 'started' && stop.abort(),
    });
    expect(summary.stopped).toBe(true);
    expect(summary.counts.done).toBe(0);
    expect(summary.results[2]?.outcome).toBe('not started');
    expect(statusOf(results, 0)?.state).toBe('interrupted');
  });

  it('kills jobs that do not listen when told to', async () => {
    const results = makeResults();
    const kill = new AbortController();
    const summary = await launch(results, ['spin'], {
      kill: kill.signal,
      onEvent: (event) => event.type === 'started' && kill.abort(),
    });
    expect(summary.results[0]?.outcome).toBe('interrupted');
    // Nobody must look for a lack of memory.
    expect(summary.results[0]?.error).toMatchObject({
      message: 'the process was ended by SIGKILL, as asked',
      hints: [],
    });
  });

  it('stops at the first failure only if asked to', async () => {
    const results = makeResults();
    const summary = await launch(results, ['exit 3', 'work', 'work'], {
      concurrency: 1,
      failFast: true,
    });
    expect(summary.results.map(({ outcome }) => outcome)).toEqual(['failed', 'not started', 'not started']);
  });

  it('reports a program that cannot be started', async () => {
    const results = makeResults();
    const summary = await launch(results, ['work'], { command: () => ['/no/such/program'] });
    expect(summary.results[0]?.error?.message).toContain('could not be started');
    expect(statusOf(results, 0)).toBeUndefined();
  });

  it('reports a results folder that cannot be written', async () => {
    const results = makeResults();
    // A file where a folder should be stops everyone, root included.
    writeFileAtomic(join(results, 'runs'), '');
    const summary = await launch(results, ['work', 'work']);
    expect(summary.results.map(({ error }) => error?.code)).toEqual(['E_FILE_ENOTDIR', 'E_FILE_ENOTDIR']);
  });
});

describe.skipIf(process.platform !== 'linux')('a launching process', () => {
  function startParent(results: string, behaviour: string, pause: number, count = 2): ChildProcess {
    const words = [parentProgram, program, results, behaviour, String(pause), String(count)];
    return spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  }

  it.each(['work', 'spin'])(
    // Within 2 s, unless the machine is busy: see kill.long.test.ts.
    'takes its children with it when it is killed (%s)',
    async (behaviour) => {
      const results = makeResults();
      const parent = startParent(results, behaviour, 10_000);
      await waitUntil(
        () =>
          findJobs(results).length === 2 &&
          [0, 1].every((seed) => statusOf(results, seed)?.state === 'running'),
      );
      parent.kill('SIGKILL');
      await waitUntil(() => findJobs(results).length === 0);
      expect(statusOf(results, 0)?.state).toBe('interrupted');
      expect(existsSync(runPaths(runFolder(results, toyStudy, toySpec(0).run)).lock)).toBe(true);
      const again = await launch(results, ['work', 'work']);
      expect(again.counts.done).toBe(2);
    },
  );

  it.each(['SIGINT', 'SIGTERM'] as const)('stops its children in order on %s', async (signal) => {
    const results = makeResults();
    const parent = startParent(results, 'work', 100);
    let output = '';
    parent.stdout?.on('data', (text) => {
      output += text;
    });
    await waitUntil(() => [0, 1].every((seed) => statusOf(results, seed)?.state === 'running'));
    parent.kill(signal);
    const [code] = await once(parent, 'exit');
    expect(code).toBe(130);
    expect(output).toContain('"interrupted":2');
    for (const seed of [0, 1]) {
      const { run } = toySpec(seed);
      const paths = runPaths(runFolder(results, toyStudy, run));
      expect(readStatus(paths, run)?.state).toBe('interrupted');
      expect(existsSync(paths.lock)).toBe(false);
    }
  });

  it('kills its children on the second signal', async () => {
    const results = makeResults();
    const parent = startParent(results, 'spin', 0);
    await waitUntil(() => [0, 1].every((seed) => statusOf(results, seed)?.state === 'running'));
    parent.kill('SIGINT');
    await sleep(200);
    parent.kill('SIGINT');
    const [code] = await once(parent, 'exit');
    expect(code).toBe(130);
    expect(findJobs(results)).toEqual([]);
  });
});
