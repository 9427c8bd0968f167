import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listRuns } from '../runs/list.js';
import { readManifest } from '../runs/provenance/manifest.js';
import { type CommandResult, callCommand, runCommand, temporaryFolder } from './cli.js';
import { listFilesBelow } from './files.js';

const results = temporaryFolder();
const shared = [
  ...['dataset=sprites', 'dataset.side=32', 'dataset.draws=2', 'split=statement', 'model=mlp'],
  'engine.backend=wasm',
  ...['model.widths=[16,8]', 'objective=cross_entropy', 'training.batch_size=16'],
  ...['training.monitor={every: 10, examples: 32}', 'evaluation.references=[]'],
  ...['evaluation.train_examples=32', 'evaluation.test_examples=48', 'evaluation.batch_size=16'],
  ...['training.steps=10', `paths.results=${results}`, '--progress', 'plain'],
];
const sets = (hue: string) => [
  '~split.sets',
  `+split.sets={train: {rendition: normal, hue: ${hue}}, validation: {of: train, share: 0.5}, test: {rendition: mix, hue: ${hue}}}`,
];
const sweep = ['protocol=adapt', 'protocol.shots=1,5', 'protocol.mode=head', 'seed=0,1'];
const adapting = (...more: readonly string[]) => [
  ...['-m', ...shared, ...sets('blue'), 'study.name=few', ...sweep, ...more],
];
const refused = (...more: readonly string[]) => callCommand('experiment', adapting(...more));
let upstream: CommandResult;
beforeAll(async () => {
  upstream = await runCommand('experiment', [
    '-m',
    ...shared,
    ...sets('red'),
    'study.name=upstream',
    'seed=0,1',
  ]);
});
afterAll(() => rmSync(results, { recursive: true, force: true }));

it('adapts the runs of a study, each seed its own, and tells in tables how many examples there were', async () => {
  expect(upstream.code, upstream.stderr).toBe(0);
  const { code, stdout, stderr } = await runCommand(
    'experiment',
    adapting('protocol.from=upstream', 'protocol.rates=[1e-3,1e-2]', '+dataset.levels.x={first: 2}'),
  );
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  for (const label of ['shots=1', 'shots=5']) expect(stdout).toContain(label);
  const sources = listRuns(results, 'upstream').map(({ run }) => run);
  const origins = listRuns(results, 'few').map(({ paths }) => readManifest(paths)?.data.origin);
  expect(origins).toHaveLength(4);
  for (const run of sources)
    expect(
      origins.filter((origin) => origin !== undefined && JSON.stringify(origin).includes(run)),
    ).toHaveLength(2);
  const table = listFilesBelow(join(results, 'tables')).find(
    (file) => file.startsWith('few') && file.endsWith('accuracy-by-set.csv'),
  )!;
  const rows = readFileSync(join(results, 'tables', table), 'utf8').split('\n');
  expect(rows.filter((row) => row.includes('shots=5')).length).toBeGreaterThan(0);
});

it('says before anything runs what the study has not', async () => {
  const missing = await refused('protocol.from=nowhere');
  expect(missing.code).toBe(2);
  expect(missing.stderr).toContain("there is no study 'nowhere' with a trained run");
  const other = await refused('protocol.from=upstream', 'model.widths=[16,4]');
  expect(other.stderr).toContain("the study 'upstream' has no trained run with model mlp");
  expect(other.stderr).toMatch(/→ protocol\.from=[0-9a-f]{10} {2}\(sprites, mlp, seed 0\)/);
  const blind = await refused('protocol.from=upstream', 'protocol.rates=[1e-3]', '~split.sets.validation');
  expect(blind.stderr).toContain(
    "learning rates are chosen on the set 'validation', which the split has not",
  );
});
