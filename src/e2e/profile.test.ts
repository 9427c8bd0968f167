import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { whyNoTensorFlow } from '../engine/testing/backends.js';
import { callCommand, runCommand, temporaryFolder, toyStudy } from './cli.js';
import { listFilesBelow } from './files.js';

const folder = temporaryFolder();
const results = join(folder, 'results');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const profile = (...words: readonly string[]) =>
  runCommand('experiment', ['profile', ...toyStudy(results), ...words]);

it('prints where the time of a step goes on wasm, and makes no run', async () => {
  const { code, stdout } = await profile('engine.backend=wasm');
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^Training step of model=mlp split=random seed=0: batch of 16, 65,\d{3} parameters$/m,
  );
  expect(stdout).toContain('The step as it is run (op by op)');
  expect(stdout).toMatch(/^ {2}HeldoutLinear +3 /m);
  for (const layer of ['dense1', 'dense2', 'read-out', 'between layers', 'optimiser']) {
    expect(stdout).toMatch(new RegExp(`^ {2}${layer} +[\\d.]+ `, 'm'));
  }
  expect(stdout).toMatch(/GFLOP per step in [\d.]+ ms, [\d.]+ GFLOP\/s/);
  expect(readdirSync(results)).toEqual(['profiles']);
  const [name] = readdirSync(join(results, 'profiles'));
  expect(name).toMatch(/^held-out-dsprites-[0-9a-f]{10}-wasm\.json$/);
  const saved = JSON.parse(readFileSync(join(results, 'profiles', name!), 'utf8'));
  expect(saved).toMatchObject({ tier: 'wasm', batchSize: 16, asRun: { compiled: false } });
});

it.skipIf(whyNoTensorFlow() !== undefined)('profiles a graph and prints JSON', async () => {
  const { code, stdout, stderr } = await profile('--json', 'engine.backend=tensorflow', '--progress', 'none');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { asRun, opByOp } = JSON.parse(stdout);
  expect(asRun).toMatchObject({ compiled: true, nodes: expect.any(Number) });
  expect(asRun.nodes).toBeGreaterThan(50);
  expect(opByOp.layers.map(({ layer }: { layer: string }) => layer)).toContain('optimiser');
});

it('refuses what trains nothing, and what is no override', async () => {
  const before = existsSync(results) ? listFilesBelow(results) : [];
  const untrained = await callCommand('experiment', [
    'profile',
    'protocol=reference',
    'model=train_mean',
    `paths.results=${results}`,
  ]);
  expect(untrained.code).toBe(2);
  expect(untrained.stderr).toContain('no job of this study trains');
  const word = await callCommand('experiment', ['profile', ...toyStudy(results), 'cnn']);
  expect(word.code).toBe(2);
  expect(word.stderr).toContain("profile takes a config and overrides (key=value), not 'cnn'");
  expect(existsSync(results) ? listFilesBelow(results) : []).toEqual(before);
});
