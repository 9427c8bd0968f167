import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HeldoutError } from '../core/errors.js';
import { buildProgram } from '../launchers/testing/build-program.js';
import { toySpec, toyStudy } from '../launchers/testing/toy-run.js';
import { readMetrics, withoutTimes } from '../tracking/metrics-log.js';
import { findLastGoodCheckpoint } from './checkpoints/checkpoints.js';
import { runFolder, runPaths } from './folder.js';
import { openRun } from './run.js';
import { observeStatus } from './status.js';

const seed = 3;
const { run } = toySpec(seed);
const root = mkdtempSync(join(tmpdir(), 'heldout-test-'));
let program = '';
let expected: unknown;

const pathsIn = (results: string) => runPaths(runFolder(results, toyStudy, run));

async function work(results: string, env: Record<string, string> = {}, pause = 0): Promise<void> {
  const child = spawn(process.execPath, [program, results, String(seed), 'work', String(pause)], {
    stdio: 'ignore',
    env: { ...process.env, ...env },
  });
  await once(child, 'exit');
}

function outcomeIn(results: string) {
  const paths = pathsIn(results);
  const checkpoint = join(paths.checkpoints, 'step-000006');
  return {
    state: observeStatus(paths, run).status?.state,
    // What a process leaves that is killed while it tries for the lock is for `clean`.
    files: readdirSync(paths.folder)
      .filter((name) => !/^lock\.\d+\.tmp$/.test(name))
      .sort(),
    checkpoints: readdirSync(paths.checkpoints),
    weights: readFileSync(join(checkpoint, 'weights.safetensors'), 'hex'),
    optimizer: readFileSync(join(checkpoint, 'optimizer.safetensors'), 'hex'),
    predictions: readFileSync(paths.predictions, 'hex'),
    record: readFileSync(paths.record, 'utf8'),
    metrics: readMetrics(paths.metrics).map(withoutTimes),
  };
}

beforeAll(async () => {
  program = await buildProgram('toy-job');
  const results = join(root, 'uninterrupted');
  await work(results);
  expected = outcomeIn(results);
});
afterAll(() => {
  for (const folder of [root, dirname(program)]) rmSync(folder, { recursive: true, force: true });
});

describe('a run that is killed', () => {
  /** Dies at every `stride`-th moment of the toy run, until one comes that it never reaches. */
  async function dieAtEvery(moment: string, stride: number): Promise<number> {
    const queue = new PQueue({ concurrency: 2 });
    let deaths = 0;
    let last = Number.POSITIVE_INFINITY;
    const tryMoment = async (count: number) => {
      if (count > last) return;
      const results = join(root, `${moment}-${count}`.replaceAll(':', '-'));
      await work(results, { HELDOUT_FAULT: `${moment}:${count}` });
      if (
        observeStatus(pathsIn(results), run).status?.state === 'done' &&
        !existsSync(pathsIn(results).lock)
      ) {
        last = Math.min(last, count);
        return;
      }
      deaths += 1;
      const { skipped } = findLastGoodCheckpoint(pathsIn(results).checkpoints, run);
      expect(skipped).toEqual([]);
      await work(results);
      expect(outcomeIn(results), `${moment}:${count}`).toEqual(expected);
      rmSync(results, { recursive: true });
    };
    await queue.addAll(
      Array.from({ length: 60 / stride }, (_, index) => () => tryMoment(1 + stride * index)),
    );
    expect(last).toBeLessThan(60);
    return deaths;
  }

  it.each([
    ['just before a rename', 'rename:before', 1],
    ['just after a rename', 'rename:after', 3],
    ['in the middle of a line', 'append', 1],
  ])('%s ends with the same bytes', async (_name, moment, stride) => {
    expect(await dieAtEvery(moment, stride)).toBeGreaterThan(5);
  });

  it('at any moment, again and again, ends with the same bytes', async () => {
    const results = join(root, 'killed');
    for (let kills = 0; kills < 8; kills++) {
      const child = spawn(process.execPath, [program, results, String(seed), 'work', '15'], {
        stdio: 'ignore',
      });
      // Listened for from the start: it may have ended before it is killed.
      const exit = once(child, 'exit');
      await sleep(80 + 20 * kills);
      child.kill('SIGKILL');
      await exit;
      expect(findLastGoodCheckpoint(pathsIn(results).checkpoints, run).skipped).toEqual([]);
    }
    await work(results);
    expect(outcomeIn(results)).toEqual(expected);
  });
});

const canMount = process.getuid?.() === 0 && process.platform === 'linux' && tryMount();

function tryMount(): boolean {
  const folder = join(root, 'probe');
  mkdirSync(folder);
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', folder]).status === 0;
  if (mounted) spawnSync('umount', [folder]);
  return mounted;
}

describe.skipIf(!canMount)('a disk (needs the right to mount)', () => {
  let disk = '';
  let disks = 0;
  beforeEach(() => {
    disks += 1;
    disk = join(root, `disk-${disks}`);
    mkdirSync(disk);
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', disk]);
    return () => spawnSync('umount', [disk]);
  });

  it('that is full interrupts the run, which goes on once there is space', async () => {
    const spec = toySpec(seed);
    const opened = openRun({ resultsFolder: disk, study: toyStudy, spec });
    if (opened.outcome !== 'open') throw new Error(opened.outcome);
    const handle = opened.run;
    handle.continueFrom();
    const large = { weight: { shape: [65536], data: new Float32Array(65536) } };
    let refusal: unknown;
    try {
      handle.saveCheckpoint({ parameters: large, slots: {}, step: 1 }, null);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(HeldoutError);
    expect(handle.fail(refusal)).toMatchObject({
      state: 'interrupted',
      error: {
        code: 'E_FILE_ENOSPC',
        hints: ['free some space, then run the same command again: it continues where it was'],
      },
    });
    expect(observeStatus(handle.paths, run).status?.state).toBe('interrupted');
    expect(readdirSync(handle.paths.checkpoints)).toEqual([]);
    spawnSync('mount', ['-o', 'remount,size=4m', disk]);
    await work(disk);
    expect(outcomeIn(disk)).toEqual(expected);
  });

  it('that is read-only is refused with what to do', () => {
    spawnSync('mount', ['-o', 'remount,ro', disk]);
    expect(() => openRun({ resultsFolder: disk, study: toyStudy, spec: toySpec(seed) })).toThrow(
      expect.objectContaining({
        code: 'E_FILE_EROFS',
        hints: ['write somewhere else with paths.results=FOLDER'],
      }),
    );
  });
});
