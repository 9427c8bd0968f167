import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runFolder, runPaths } from '../../runs/folder.js';
import type { Plan, PlannedJob } from '../../sweeps/plan.js';
import { readDomainRuns } from './domain-records.js';

const results = mkdtempSync(join(tmpdir(), 'heldout-domain-records-'));
afterAll(() => rmSync(results, { recursive: true, force: true }));

function writeRun(run: string, accuracies: Readonly<Record<string, number>>, config = {}): PlannedJob {
  const paths = runPaths(runFolder(results, 'own', run));
  mkdirSync(paths.folder, { recursive: true });
  const data = { environments: ['a', 'b', 'c'] };
  writeFileSync(paths.manifest, JSON.stringify({ schema: 1, attempts: [], data }));
  writeFileSync(
    paths.metrics,
    `${JSON.stringify({ kind: 'environments', step: 100, ...accuracies, time: 'now' })}\n`,
  );
  return {
    ...{ run, axes: { seed: run }, protocol: 'supervised', labels: { dataset: 'colored_mnist' } },
    config: {
      dataset: { name: 'colored_mnist' },
      domainbed: { algorithm: 'ERM', hparams_seed: 0, trial_seed: 0 },
      split: { test: ['c'] },
      ...config,
    },
  } as unknown as PlannedJob;
}

const ins = { 'train/a': 0.1, 'train/b': 0.2, 'test/c': 0.3 };
const outs = { 'validation/a': 0.4, 'validation/b': 0.5, 'test_out/c': 0.6 };
const read = (...jobs: readonly PlannedJob[]) => readDomainRuns({ study: 'own' } as Plan, results, jobs);

it("gives a run's checkpoints by DomainBed's names", () => {
  const [run] = read(writeRun('whole', { ...ins, ...outs }));
  expect(run!.records).toMatchObject([
    {
      args: { dataset: 'ColoredMNIST', algorithm: 'ERM', test_envs: [2] },
      ...{ step: 100, env0_in_acc: 0.1, env1_in_acc: 0.2, env2_in_acc: 0.3 },
      ...{ env0_out_acc: 0.4, env1_out_acc: 0.5, env2_out_acc: 0.6 },
    },
  ]);
});

it('leaves out what nothing was kept of to choose by, in any environment', () => {
  const { 'validation/b': _, ...few } = outs;
  expect(read(writeRun('none', ins), writeRun('few', { ...ins, ...few }))).toEqual([]);
});

it.each([
  ['ERM', { lr: 0.5, weight_decay: 0.25, batch_size: 7 }],
  ['DANN', { lr: 0.001, lr_g: 0.5, weight_decay: 0, weight_decay_g: 0.25, batch_size: 7 }],
])('tells the hyper-parameters that %s was trained with, where they were typed', (algorithm, expected) => {
  const [run] = read(
    writeRun(
      algorithm,
      { ...ins, ...outs },
      {
        domainbed: { algorithm, hparams_seed: 0, trial_seed: 0 },
        training: { batch_size: 7, optimizer: { learning_rate: 0.5, weight_decay: 0.25 } },
      },
    ),
  );
  expect(run!.records[0]!.hparams).toMatchObject({ ...expected, resnet_dropout: 0 });
});

it('tells by their names what was typed by ours, and takes the draw for what was not', () => {
  const typed = {
    ...writeRun(
      'ours',
      { ...ins, ...outs },
      { domainbed: { algorithm: 'IRM', hparams_seed: 1, trial_seed: 0 } },
    ),
    composed: { objective: { strength: 1000, anneal: `\${domainbed:irm_penalty_anneal_iters}` } },
  };
  Object.assign(typed.config, { objective: { strength: 1000, anneal: 7 } });
  const [drawn] = read(writeRun('drawn', { ...ins, ...outs }, { domainbed: typed.config.domainbed }));
  const [run] = read(typed);
  expect(run!.records[0]!.hparams).toEqual({ ...drawn!.records[0]!.hparams, irm_lambda: 1000 });
});
