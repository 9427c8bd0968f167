import { expect, it } from 'vitest';
import { readChoices, startEngineFor } from './start-engine.js';

const wasm = { backend: 'wasm', threads: 1 } as const;

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

it('takes up the threads that the manifest names', () => {
  expect(readChoices({ tier: 'tensorflow', threads: 3 }, 8)).toEqual({ backend: 'tensorflow', threads: 3 });
  expect(readChoices({ tier: 'wasm' }, 'auto')).toEqual({ backend: 'wasm', threads: 'auto' });
  expect(readChoices({ tier: 'none' }, 'auto')).toBeUndefined();
});
