import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mnistSource, uspsSource } from '../datasets/idx/sources.js';
import { writeIdxSource } from '../datasets/testing/idx-folder.js';
import { listRuns } from '../runs/list.js';
import { type CommandResult, runCommand, temporaryFolder } from './cli.js';

const folder = temporaryFolder();
const results = join(folder, 'results');
const words = [
  ...['-m', 'dataset=digits_domains', 'dataset.side=16', 'dataset.channels=1'],
  ...['dataset.domains=[mnist,usps,inverted]', 'split=one-domain', 'split.train=mnist,usps,inverted'],
  ...['+split.shots=1,all', '+split.limit=30', 'model=mlp', 'model.widths=[]', 'objective=cross_entropy'],
  ...['+training.epochs=2', 'training.batch_size=8', 'training.monitor={every: 9, examples: 8}'],
  ...['evaluation.references=[]', 'evaluation.test_examples=1000', 'seed=0,1', 'replicas=12'],
  ...['study.name=transfers', `paths.results=${results}`, '--progress', 'plain'],
];
const run = (command: string, ...more: readonly string[]) =>
  runCommand(command, more, { HELDOUT_DATA: folder });
let trained: CommandResult;
let study = '';

beforeAll(async () => {
  writeIdxSource(folder, mnistSource, 60, 1);
  writeIdxSource(folder, uspsSource, 50, 1);
  trained = await run('experiment', ...words);
  study = readdirSync(join(results, 'sweeps')).find((name) => name.startsWith('transfers'))!;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('makes as many updates as epochs are, by what the split leaves for training', () => {
  expect({ code: trained.code, stderr: trained.code === 0 ? '' : trained.stderr }).toEqual({
    code: 0,
    stderr: '',
  });
  const steps = listRuns(results, 'transfers').map(({ status }) => status?.stages.trained);
  // 30 of each domain in batches of 8, twice; one of each of at most ten classes.
  expect(steps.filter((count) => count === 8)).toHaveLength(6);
  expect(steps).toHaveLength(12);
});

it('analyses runs of one domain each as transfer, with tables and figures', async () => {
  const names = ['accuracies', 'pair-fits', 'factor-effects', 'ood-predictors'];
  const tables = await run('tables', study, ...names, `paths.results=${results}`);
  expect({ code: tables.code, stderr: tables.stderr }).toEqual({ code: 0, stderr: '' });
  const fits = readFileSync(join(results, 'tables', study, 'pair-fits.csv'), 'utf8');
  for (const pair of ['mnist → usps', 'usps → inverted', 'inverted → mnist']) expect(fits).toContain(pair);
  expect(tables.stdout).toContain('shots=all, seed=1');
  const figures = await run('figures', study, 'id-ood-scatter', 'radar', `paths.results=${results}`);
  expect({ code: figures.code, stderr: figures.stderr }).toEqual({ code: 0, stderr: '' });
  expect(readdirSync(join(results, 'figures', study))).toContain('id-ood-scatter-usps.svg');
});
