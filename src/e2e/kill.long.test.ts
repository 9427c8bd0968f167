import { cpSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatDuration, monotonicSeconds } from '../core/clock.js';
import { countUp } from '../random/draw.js';
import { drawBelow, drawFloat24, stream } from '../random/stream.js';
import { runCommand, startCommand, temporaryFolder } from './cli.js';
import {
  finishStudy,
  isRunning,
  killStudy,
  listJobs,
  type Stage,
  stageOfRun,
  stageOfStudy,
  tryKill,
} from './killing.js';
import { collectSnapshot, compareSnapshots, type Snapshot } from './snapshot.js';

/** Random moments of each kind, and studies at a time. */
const kills = 36;
const concurrency = 2;

const begin = monotonicSeconds();
/** How many kill points were tried, by kind and by how far the run was. */
const tried = new Map<string, Map<Stage, number>>();
let expected: Snapshot;
/** Wall seconds of an uninterrupted study, and when its first job was there and its last one gone. */
let duration = 0;
let jobsFrom = 0;
let jobsTo = 0;
/** Below 1 once a study has ended before its moment came: they take less time by now. */
let pace = 1;

function count(kind: string, stage: Stage): void {
  const stages = tried.get(kind) ?? new Map<Stage, number>();
  tried.set(kind, stages.set(stage, (stages.get(stage) ?? 0) + 1));
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Runs `work` on a fresh results folder, which is removed when all went well. */
async function inFolder<T>(work: (results: string) => Promise<T>): Promise<T> {
  const results = temporaryFolder();
  const outcome = await work(results);
  rmSync(results, { recursive: true, force: true });
  return outcome;
}

/** Calls `work` with 0, 1, .. count − 1, some at a time; stops at the first error. */
async function forEach(count: number, work: (index: number) => Promise<void>): Promise<void> {
  const queue = new PQueue({ concurrency });
  try {
    await Promise.all([...countUp(count)].map((index) => queue.add(() => work(index))));
  } finally {
    queue.clear();
  }
}

/** Kills the command after `seconds`; its jobs must be gone 2 s later. Undefined when it had ended before. */
async function killCommand(results: string, seconds: number): Promise<Stage | undefined> {
  const command = startCommand('experiment', killStudy(results));
  await sleep(1000 * seconds);
  const jobs = listJobs(command.pid);
  const killed = monotonicSeconds();
  command.kill('SIGKILL');
  const { signal } = await command;
  while (jobs.some(({ pid }) => isRunning(pid))) {
    expect(monotonicSeconds() - killed).toBeLessThan(2);
    await sleep(20);
  }
  return signal === 'SIGKILL' ? stageOfStudy(results) : undefined;
}

/** Kills one of the jobs after `seconds`. Undefined when there was none any more. */
async function killJob(
  results: string,
  seconds: number,
  choose: (count: number) => number,
): Promise<Stage | undefined> {
  const command = startCommand('experiment', killStudy(results));
  await sleep(1000 * seconds);
  while (command.exitCode === null) {
    const jobs = listJobs(command.pid);
    const job = jobs[choose(Math.max(1, jobs.length))];
    if (job !== undefined && tryKill(job.pid)) {
      const stage = stageOfRun(results, job.study, job.run);
      await command;
      return stage === 'done' ? undefined : stage;
    }
    await sleep(10);
  }
  await command;
  return undefined;
}

/** Ctrl-C: the command and its jobs get the signal at once. Undefined when the command had ended before. */
async function interrupt(results: string, seconds: number): Promise<Stage | undefined> {
  const command = startCommand('experiment', killStudy(results), {}, true);
  await sleep(1000 * seconds);
  if (command.exitCode !== null) return undefined;
  process.kill(-command.pid!, 'SIGINT');
  const { exitCode, signal } = await command;
  if (exitCode === 0) return undefined;
  expect(exitCode ?? signal).toBe(signal ?? 130);
  expect(['SIGINT', undefined]).toContain(signal);
  return stageOfStudy(results);
}

/** Tries `count` random moments, one in each equal part of the time from `from` to `to`. */
async function tryMoments(
  kind: string,
  [from, to]: readonly [number, number],
  total: number,
  kill: (results: string, seconds: number, choose: (count: number) => number) => Promise<Stage | undefined>,
): Promise<void> {
  await forEach(total, async (index) => {
    const source = stream(1, kind, index);
    for (let hit = false; !hit; ) {
      await inFolder(async (results) => {
        const seconds = pace * (from + ((to - from) * (index + drawFloat24(source))) / total);
        const stage = await kill(results, seconds, (size) => drawBelow(source, size));
        const what = `${kind} ${index + 1}, after ${seconds.toFixed(3)} s, ${stage ?? 'too late'}`;
        await finishStudy(results, expected, `${what}, in ${results}`);
        say(what);
        hit = stage !== undefined;
        if (stage !== undefined) count(kind, stage);
        else pace *= 0.95;
      });
    }
  });
}

/** Starts at the fault's 1st, 2nd, 3rd .. moment in fresh folders, until a study ends without dying. */
async function tryFaults(fault: string, program: string, prepared?: string): Promise<void> {
  const kind = `${fault}${program}${prepared === undefined ? '' : ' while continuing'}`;
  let last = Number.POSITIVE_INFINITY;
  await forEach(200, async (index) => {
    if (index >= last) return;
    await inFolder(async (results) => {
      if (prepared !== undefined) cpSync(prepared, results, { recursive: true });
      const environment = { HELDOUT_FAULT: `${fault}:${index + 1}${program}` };
      const { exitCode, signal, stderr } = await startCommand('experiment', killStudy(results), environment);
      const what = `${environment.HELDOUT_FAULT}${prepared === undefined ? '' : ' while continuing'}`;
      if (exitCode === 0) {
        last = Math.min(last, index);
        expect(compareSnapshots(expected, collectSnapshot(results))).toEqual([]);
        return;
      }
      // The command itself was killed, or it says that its jobs were.
      if (signal !== 'SIGKILL') {
        expect({ what, exitCode, stderr }).toMatchObject({ what, exitCode: 1 });
        expect(stderr).toContain('type the same command again to continue');
        expect(stderr).not.toContain('failed');
      }
      const stage = stageOfStudy(results);
      await finishStudy(results, expected, `${what}, ${stage}, in ${results}`);
      say(`${what}, ${stage}`);
      count(kind, stage);
    });
  });
  expect(last).toBeLessThan(200);
}

beforeAll(async () => {
  // The first ones compile and read from a cold disk.
  for (let round = 0; round < 3; round++) {
    await forEach(concurrency, () =>
      inFolder(async (results) => {
        const start = monotonicSeconds();
        const command = startCommand('experiment', killStudy(results));
        const seen: number[] = [];
        while (command.exitCode === null) {
          if (listJobs(command.pid).length > 0) seen.push(monotonicSeconds() - start);
          await sleep(100);
        }
        const { exitCode, stderr } = await command;
        expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
        const snapshot = collectSnapshot(results);
        expect(compareSnapshots(snapshot, expected ?? snapshot)).toEqual([]);
        expected = snapshot;
        duration = monotonicSeconds() - start;
        jobsFrom = seen[0] ?? 0;
        jobsTo = seen.at(-1) ?? duration;
      }),
    );
  }
  say(
    `uninterrupted: ${duration.toFixed(2)} s, its jobs from ${jobsFrom.toFixed(2)} to ${jobsTo.toFixed(2)} s`,
  );
});

afterAll(() => {
  say(`\nKill points tried, each followed by the same command and a comparison of all files:`);
  let sum = 0;
  for (const [kind, stages] of tried) {
    const total = [...stages.values()].reduce((a, b) => a + b, 0);
    sum += total;
    say(`  ${kind}: ${total} (${[...stages].map(([stage, n]) => `${stage} ${n}`).join(', ')})`);
  }
  say(`  in all: ${sum}, ${formatDuration(monotonicSeconds() - begin)}`);
});

describe('a study ends with the same bytes', () => {
  it('whenever the command is killed', () =>
    tryMoments('kill of the command', [0, duration], kills, killCommand));

  it('whenever one of its jobs is killed', () =>
    tryMoments('kill of a job', [jobsFrom, jobsTo], kills, killJob));

  it('whenever Ctrl-C interrupts it', () => tryMoments('Ctrl-C', [0, duration], 12, interrupt));

  it('when it is killed again and again', () =>
    forEach(6, (index) =>
      inFolder(async (results) => {
        const source = stream(1, 'again and again', index);
        const stages: Stage[] = [];
        for (let kill = 0; kill < 5; kill++) {
          const seconds = (0.2 + 0.4 * drawFloat24(source)) * duration;
          const stage = await (drawBelow(source, 2) === 0
            ? killCommand(results, seconds)
            : killJob(results, seconds, (size) => drawBelow(source, size)));
          if (stage !== undefined) stages.push(stage);
        }
        await finishStudy(results, expected, `${stages}, in ${results}`);
        say(`again and again ${index + 1}: ${stages.join(', ')}`);
        for (const stage of stages) count('several kills of one study', stage);
      }),
    ));

  it.each([
    ['rename:before', '@heldout'],
    ['rename:after', '@heldout'],
    ['rename:before', '@job'],
    ['rename:after', '@job'],
    ['append', '@job'],
  ])('when it dies at every %s%s', tryFaults);

  it('when the command and its jobs die at every rename', () => tryFaults('rename:after', ''));

  it('when a job dies at every rename while it continues', () =>
    inFolder(async (prepared) => {
      const environment = { HELDOUT_FAULT: 'rename:before:14@job' };
      const { code } = await runCommand('experiment', killStudy(prepared), environment);
      expect({ code, stage: stageOfStudy(prepared) }).toEqual({ code: 1, stage: 'training' });
      await tryFaults('rename:before', '@job', prepared);
    }));
});
