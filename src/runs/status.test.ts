import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFileAtomic } from '../core/files/files.js';
import { runPaths } from './folder.js';
import { acquireLock } from './lock/lock.js';
import { moveStatus, newStatus, observeStatus, type RunState, readStatus, writeStatus } from './status.js';

let paths = runPaths('');
beforeEach(() => {
  paths = runPaths(mkdtempSync(join(tmpdir(), 'heldout-test-')));
});
afterEach(() => rmSync(paths.folder, { recursive: true }));

describe('moveStatus', () => {
  const states: readonly RunState[] = ['queued', 'running', 'done', 'failed', 'interrupted'];
  it('allows these steps and no others', () => {
    const allowed = states.flatMap((from) =>
      states.flatMap((to) => {
        try {
          moveStatus({ ...newStatus('run'), state: from }, to);
          return [`${from} -> ${to}`];
        } catch {
          return [];
        }
      }),
    );
    expect(allowed).toEqual([
      'queued -> running',
      'queued -> failed',
      'queued -> interrupted',
      'running -> done',
      'running -> failed',
      'running -> interrupted',
      'done -> running',
      'done -> failed',
      'failed -> running',
      'failed -> failed',
      'interrupted -> running',
      'interrupted -> failed',
      'interrupted -> interrupted',
    ]);
  });

  it('forgets an earlier error', () => {
    const error = { code: 'E', message: 'm', hints: [] };
    const failed = moveStatus(moveStatus(newStatus('run'), 'running'), 'failed', { error });
    expect(failed.error).toEqual(error);
    expect(moveStatus(failed, 'running').error).toBeUndefined();
  });
});

describe('readStatus', () => {
  it('gives back what was written, and undefined where nothing was', () => {
    expect(readStatus(paths, 'run')).toBeUndefined();
    const status = newStatus('run');
    writeStatus(paths, status);
    expect(readStatus(paths, 'run')).toEqual(status);
  });

  it.each(['', '{"schema":', '[]', '{"schema":1,"state":"asleep"}'])(
    'takes %j for an interruption',
    (text) => {
      writeFileAtomic(paths.status, text);
      expect(readStatus(paths, 'run')).toMatchObject({
        state: 'interrupted',
        error: { code: 'E_STATUS_DAMAGED' },
      });
    },
  );
});

describe('observeStatus', () => {
  it('sees a running run whose process is gone as interrupted', () => {
    writeStatus(paths, moveStatus(newStatus('run'), 'running'));
    expect(observeStatus(paths, 'run').status?.state).toBe('interrupted');
  });

  it('names who runs it', () => {
    writeStatus(paths, moveStatus(newStatus('run'), 'running'));
    const attempt = acquireLock(paths.lock);
    expect(observeStatus(paths, 'run')).toMatchObject({
      status: { state: 'running' },
      holder: { pid: process.pid },
    });
    if (attempt.held) attempt.lock.release();
  });
});
