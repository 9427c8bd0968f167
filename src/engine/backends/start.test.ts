import { describe, expect, it } from 'vitest';
import { probeBackends, probeTensorFlow } from './probe.js';
import { startEngine } from './start.js';
import { findWasmBinary } from './wasm-binary.js';

describe('probeBackends', () => {
  it('reports both tiers, with a hint for what is missing', () => {
    const reports = probeBackends();
    expect(reports.map(({ tier }) => tier)).toEqual(['tensorflow', 'wasm']);
    expect(reports[1]).toMatchObject({ tier: 'wasm', works: true });
    for (const { works, hint } of reports) expect(hint === undefined).toBe(works);
  });

  it('calls an addon working only when it loads', () => {
    expect(probeTensorFlow(undefined)).toMatchObject({
      works: false,
      detail: 'its addon has not been built',
    });
    const noAddon = findWasmBinary();
    expect(probeTensorFlow(noAddon)).toMatchObject({
      works: false,
      detail: expect.stringMatching(/^its addon does not load \(.+\)$/),
    });
    expect(probeTensorFlow('node:os')).toMatchObject({ works: false });
  });
});

describe('startEngine', () => {
  it('starts wasm, and says why not tensorflow', async () => {
    const listeners = process.listenerCount('uncaughtException');
    const engine = await startEngine({ backend: 'wasm', threads: 'auto' });
    expect(engine.tier).toBe('wasm');
    expect(engine.notes[0]).toMatch(/^wasm: TensorFlow\.js [\d.]+ with Heldout's kernels, one thread of \d+/);
    expect(engine.notes[1]).toMatch(/^tensorflow: /);
    expect(process.listenerCount('uncaughtException')).toBe(listeners);
  });

  it('gives the engine that runs, and refuses another tier', async () => {
    expect((await startEngine({ backend: 'auto', threads: 1 })).tier).toBe('wasm');
    await expect(startEngine({ backend: 'tensorflow', threads: 1 })).rejects.toMatchObject({
      code: 'E_ENGINE_STARTED',
    });
  });
});
