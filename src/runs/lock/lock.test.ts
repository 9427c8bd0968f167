import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { monotonicSeconds, wallClock } from '../../core/clock.js';
import { writeFileAtomic } from '../../core/files/files.js';
import { buildProgram } from '../../launchers/testing/build-program.js';
import { acquireLock, findHolder, type Lock } from './lock.js';
import { describeSelf, parseStat } from './process-identity.js';

let racer = '';
let folder = '';
let path = '';
beforeAll(async () => {
  racer = await buildProgram('lock-racer');
  return () => rmSync(dirname(racer), { recursive: true });
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'heldout-test-'));
  path = join(folder, 'lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function take(): Lock {
  const attempt = acquireLock(path);
  if (!attempt.held) throw new Error('not taken');
  return attempt.lock;
}

function writeLock(changes: object, target = path): void {
  writeFileAtomic(target, JSON.stringify({ ...describeSelf(), nonce: 'n', ...changes }));
}

const gone = { pid: 2 ** 22 - 1 };

describe('acquireLock', () => {
  it('takes a free lock, refuses a second time, and gives it back', () => {
    const lock = take();
    expect(acquireLock(path)).toMatchObject({ held: false, holder: { pid: process.pid, host: hostname() } });
    expect(findHolder(path)?.pid).toBe(process.pid);
    lock.assertHeld();
    lock.release();
    expect(readdirSync(folder)).toEqual([]);
    expect(findHolder(path)).toBeUndefined();
    expect(() => lock.assertHeld()).toThrow(/taken this run over/);
  });

  it.each([
    ['whose process is gone', gone],
    ['whose pid another process has by now', { startTime: '1' }],
  ])('takes over from a holder %s', (_name, changes) => {
    writeLock(changes);
    expect(findHolder(path)).toBeUndefined();
    expect(acquireLock(path)).toMatchObject({ held: true, takenFrom: { nonce: 'n' } });
    expect(readdirSync(folder)).toEqual(['lock']);
  });

  it.each([
    ['on another host', { host: 'elsewhere' }],
    ['in another container', { domain: 'other', ...gone }],
  ])('waits the grace period for a holder %s', (_name, changes) => {
    writeLock(changes);
    expect(acquireLock(path).held).toBe(false);
    utimesSync(path, wallClock() / 1000 - 100, wallClock() / 1000 - 100);
    expect(acquireLock(path).held).toBe(false);
    expect(acquireLock(path, { graceSeconds: 90 }).held).toBe(true);
  });

  it.each(['', '{"pid":', '{"pid":-1}', '[]'])(
    'takes over a lock that reads %j only when it is old',
    (text) => {
      writeFileAtomic(path, text);
      expect(acquireLock(path).held).toBe(false);
      utimesSync(path, 1, 1);
      expect(acquireLock(path).held).toBe(true);
    },
  );

  it('follows the claims of claimants that died', () => {
    writeLock({ ...gone, nonce: 'a' });
    writeLock({ ...gone, nonce: 'b' }, `${path}.claim-a`);
    writeLock({ ...gone, nonce: 'c' }, `${path}.claim-b`);
    expect(acquireLock(path).held).toBe(true);
    expect(readdirSync(folder)).toEqual(['lock']);
  });

  it('leaves a dead lock to a claimant that lives', () => {
    writeLock({ ...gone, nonce: 'a' });
    writeLock({ nonce: 'b' }, `${path}.claim-a`);
    expect(acquireLock(path)).toMatchObject({ held: false, holder: { nonce: 'b' } });
  });

  it('releases only what is still its own', () => {
    const lock = take();
    writeLock({ nonce: 'other' });
    expect(() => lock.assertHeld()).toThrow();
    lock.release();
    expect(existsSync(path)).toBe(true);
  });

  it('shows signs of life while it is held', async () => {
    const attempt = acquireLock(path, { heartbeatSeconds: 0.02 });
    utimesSync(path, 1, 1);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(wallClock() - (findHolder(path)?.heartbeat ?? 0)).toBeLessThan(5000);
    if (attempt.held) attempt.lock.release();
  });
});

describe('between processes', () => {
  function race(
    name: string,
    rounds: number,
    env: Record<string, string> = {},
    ...told: readonly 'told'[]
  ): ChildProcess {
    const words = [racer, folder, name, String(rounds), ...told];
    return spawn(process.execPath, words, {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
    });
  }

  async function end(child: ChildProcess): Promise<void> {
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }

  it('takes a killed holder’s lock at once', async () => {
    const holder = race('x', 1);
    await once(holder.stdout as Readable, 'data');
    const held = join(folder, '0', 'lock');
    expect(acquireLock(held)).toMatchObject({ held: false, holder: { pid: holder.pid } });
    await end(holder);
    const begin = monotonicSeconds();
    expect(acquireLock(held).held).toBe(true);
    expect(monotonicSeconds() - begin).toBeLessThan(1);
  });

  it.each(['rename:before:1', 'rename:after:1'])('survives death while taking over (%s)', async (fault) => {
    const dead = join(folder, '0', 'lock');
    writeLock(gone, dead);
    await once(race('x', 1, { HELDOUT_FAULT: fault }), 'exit');
    expect(readdirSync(join(folder, '0')).some((name) => name.startsWith('lock.claim-'))).toBe(true);
    expect(acquireLock(dead).held).toBe(true);
    expect(readdirSync(join(folder, '0')).filter((name) => !name.endsWith('.tmp'))).toEqual(['lock']);
  });

  it.each([
    ['free', false],
    ['dead', true],
  ])('gives each of many %s locks to exactly one of three processes', async (_name, isDead) => {
    const rounds = 150;
    for (let round = 0; isDead && round < rounds; round++) {
      writeLock({ ...gone, nonce: 'a' }, join(folder, String(round), 'lock'));
      // Every third one has a claimant that died as well.
      if (round % 3 === 0) writeLock({ ...gone, nonce: 'b' }, join(folder, String(round), 'lock.claim-a'));
    }
    const racers = ['x', 'y', 'z'].map((name) => race(name, rounds, {}, 'told'));
    await Promise.all(racers.map((child) => once(child.stdout as Readable, 'data')));
    const start = wallClock() + 100;
    for (const child of racers) child.stdin!.write(`${start}\n`);
    await Promise.all(racers.map((child) => once(child.stdout as Readable, 'data')));
    const winners = Array.from({ length: rounds }, (_, round) =>
      readFileSync(join(folder, String(round), 'winners'), 'utf8'),
    );
    await Promise.all(racers.map(end));
    expect(winners.filter((text) => !/^[xyz]\n$/.test(text))).toEqual([]);
    expect(new Set(winners).size).toBeGreaterThan(1);
  });
});

it('parseStat reads past a command with blanks and parentheses', () => {
  const fields = Array.from({ length: 30 }, (_, i) => String(i + 4));
  expect(parseStat(`17 (a) b) S ${fields.join(' ')}`)).toEqual({ startTime: '22', ended: false });
  expect(parseStat(`17 (node) Z ${fields.join(' ')}`).ended).toBe(true);
});
