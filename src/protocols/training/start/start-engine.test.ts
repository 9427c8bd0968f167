import { expect, it } from 'vitest';
import { readChoices, startEngineFor } from './start-engine.js';

const wasm = {
  backend: 'wasm',
  threads: 1,
  compile: 'auto',
  xla: 'off',
  resident_data: 'auto',
  precision: 'float32',
  deterministic: false,
} as const;

it('starts what the config asks for', async () => {
  const engine = await startEngineFor({ ...wasm, resume: 'same' }, undefined);
  expect(engine.tier).toBe('wasm');
});

it('keeps a run on the backend that it began with, and says how to change', async () => {
  await expect(startEngineFor({ ...wasm, resume: 'same' }, { tier: 'tensorflow' })).rejects.toMatchObject({
    code: 'E_ENGINE_RESUME',
    message: expect.stringContaining('began on tensorflow'),
    hints: expect.arrayContaining([expect.stringContaining('engine.resume=any')]),
    exitCode: 1,
  });
});

it('changes it when that is asked for', async () => {
  const engine = await startEngineFor({ ...wasm, resume: 'any' }, { tier: 'tensorflow' });
  expect(engine.tier).toBe('wasm');
});

it('takes up what the manifest names', () => {
  const config = { backend: 'auto', threads: 'auto', compile: 'auto', xla: 'off' } as const;
  expect(
    readChoices({ tier: 'tensorflow', threads: 3, compiled: true, xla: true, resident: 12 }, config),
  ).toEqual({
    backend: 'tensorflow',
    threads: 3,
    compile: 'always',
    xla: 'on',
    resident_data: 12,
    precision: 'float32',
  });
  expect(readChoices({ tier: 'tensorflow', precision: 'bfloat16' }, config)).toMatchObject({
    precision: 'bfloat16',
  });
  expect(readChoices({ tier: 'tensorflow', resident: 0 }, config)).toMatchObject({ resident_data: 'off' });
  expect(readChoices({ tier: 'tensorflow', compiled: false }, config)).toMatchObject({ compile: 'off' });
  expect(readChoices({ tier: 'wasm' }, config)).toEqual({
    ...config,
    backend: 'wasm',
    precision: 'float32',
  });
  expect(readChoices({ tier: 'none' }, config)).toBeUndefined();
});
