import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mnistSource } from '../datasets/idx/sources.js';
import { writeIdxSource } from '../datasets/testing/idx-folder.js';
import { listRuns } from '../runs/list.js';
import { callCommand, runCommand, temporaryFolder } from './cli.js';

const folder = temporaryFolder();
const results = join(folder, 'results');
beforeAll(() => writeIdxSource(folder, mnistSource, 60, 1));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const words = [
  ...['dataset=colored_mnist', 'split=domains', 'model=mlp', 'model.widths=[8]', 'objective=cross_entropy'],
  ...['training.steps=3', 'training.batch_size=8', 'training.monitor={every: 3, examples: 16}'],
  'engine.backend=wasm',
  ...['evaluation.references=[]', `paths.results=${results}`, '--progress', 'plain'],
];
const run = (...more: readonly string[]) =>
  runCommand('experiment', [...words, ...more], { HELDOUT_DATA: folder });
const plan = (...more: readonly string[]) =>
  callCommand('experiment', [...words, ...more, '--dry-run'], { HELDOUT_DATA: folder });

it('a dry run says who is held out, and what every set has', async () => {
  const { code, stdout } = await plan('-m', 'split.test=0,-90%');
  expect(code).toBe(0);
  expect(stdout).toContain('data: environment +80% held out: train 28, validation 7, test 20, test_out 5');
  expect(stdout).toContain('data: environment -90% held out: train 40, validation 10, test 8, test_out 2');
});

it('an environment that is not there is named with those that are', async () => {
  const { code, stderr } = await plan('split.test=-95%');
  expect(code).toBe(2);
  expect(stderr).toContain("there is no environment '-95%'");
  expect(stderr).toContain('environments are levels of environment: 0 +80%, 1 +90%, 2 -90%');
});

it('a run keeps the statement, shows two channels in colours, and scores every set', async () => {
  const { code, stderr } = await run('split.test=-90%');
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  const [trained] = listRuns(results);
  const split = JSON.parse(readFileSync(trained!.paths.split, 'utf8')) as {
    readonly statement: readonly string[];
    readonly counts: object;
  };
  expect(split.counts).toEqual({ train: 40, validation: 10, test: 8, test_out: 2 });
  expect(split.statement[2]).toBe('test: every example of environment -90% but those of test_out (8)');
  const [study] = readdirSync(join(results, 'figures'));
  expect(readdirSync(join(results, 'figures', study!))).toContain('images-per-split.svg');
});
