import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { HeldoutError } from '../core/errors.js';
import { judgeFailure } from './failure.js';

function stateAfter(code: string): string {
  return judgeFailure(new HeldoutError({ code, message: 'm' })).state;
}

it('is the fault of the surroundings, or the run’s own', () => {
  for (const code of [
    'E_FILE_ENOSPC',
    'E_DATA_MISSING',
    'E_LOCK_LOST',
    'E_ENGINE_TENSORFLOW',
    'E_ENGINE_RESUME',
  ])
    expect([code, stateAfter(code)]).toEqual([code, 'interrupted']);
  for (const code of ['E_TRAINING_DIVERGED', 'E_ENGINE_GRADIENT', 'E_PREDICTIONS_NOT_FINITE'])
    expect([code, stateAfter(code)]).toEqual([code, 'failed']);
  expect(judgeFailure(new TypeError('x is undefined'))).toEqual({
    state: 'failed',
    error: { code: 'E_INTERNAL', message: 'TypeError: x is undefined', hints: [] },
  });
});

it('knows what the operating system refuses, whatever its number', () => {
  const refusal = (read: () => unknown) => {
    try {
      return read();
    } catch (error) {
      return error;
    }
  };
  expect(judgeFailure(refusal(() => readFileSync('/no/such/file')))).toEqual({
    state: 'interrupted',
    error: {
      code: 'E_FILE_ENOENT',
      message: "/no/such/file: ENOENT: no such file or directory, open '/no/such/file'",
      hints: ['once that is put right, run the same command again'],
    },
  });
  const broken = Object.assign(new Error('EIO: i/o error, read'), {
    code: 'EIO',
    errno: -5,
    syscall: 'read',
  });
  expect(judgeFailure(broken)).toMatchObject({ state: 'interrupted', error: { code: 'E_FILE_EIO' } });
});
