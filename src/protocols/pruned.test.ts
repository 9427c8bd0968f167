import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ExperimentConfig } from '../config/schema/root.js';
import { readRecord } from '../evaluation/record.js';
import { withProcessors } from '../models/nac/pruning/pruned-config.js';
import { findLastGoodCheckpoint } from '../runs/checkpoints/checkpoints.js';
import { observeCircuit } from './circuits/observe-circuit.js';
import { evaluateRun } from './index.js';
import { measurePruning } from './pruning/measure-pruning.js';
import { requireCircuit } from './pruning/trained-circuit.js';
import { makeResults, type RanJob, runJob, smallConfig } from './testing/jobs.js';

const results = makeResults();
afterAll(() => results.remove());

const config = requireCircuit(
  smallConfig({
    dataset: { name: 'sprites', side: 32, draws: 1 },
    split: {
      rule: 'statement',
      sets: {
        train: { rendition: 'normal' },
        validation: { of: 'train', share: 0.05 },
        mix: { rendition: 'mix' },
      },
    },
    model: {
      name: 'nac',
      ...{ processors: 5, read_outs: 2, width: 8, signature_width: 4, layers: 1, heads: 2, head_width: 4 },
    },
    objective: { name: 'cross_entropy' },
    training: { steps: 4, batch_size: 8, average: { decay: 0.5 }, monitor: { every: 4, examples: 8 } },
    evaluation: { train_examples: 8, test_examples: 20, batch_size: 8, metrics: ['accuracy'] },
  }),
  'test',
);
const pruned = (order: string, kept: number, more: object = {}) =>
  ({
    ...config,
    model: { ...withProcessors(config.model, kept), ...more },
    protocol: { name: 'pruned', of: source.run.id, order, seed: 0, draw: 0 },
  }) as ExperimentConfig;
const circuit = () => ({
  config,
  run: source.run.id,
  folder: source.run.paths.folder,
  engine: undefined,
  threads: 1,
  dataFolder: results.folder,
  signal: new AbortController().signal,
  begin: () => {},
  emit: () => {},
});
const checkpointOf = ({ run }: RanJob) => findLastGoodCheckpoint(run.paths.checkpoints, run.id).checkpoint!;
const accuracies = ({ run }: RanJob) =>
  readRecord(run.paths.record)!.rows.filter(
    ({ set, group }) => set !== 'train' && Object.keys(group).length === 0,
  );

let source: RanJob;
beforeAll(async () => {
  source = await runJob(config, results);
});

it('keeps rows of a trained circuit with all else, and evaluates them as they were measured', async () => {
  const ran = await runJob(pruned('degree', 3), results);
  expect(ran.end).toMatchObject({ outcome: 'finished', step: 4 });
  const [own, whole] = [checkpointOf(ran).state, checkpointOf(source).state];
  expect(own.step).toBe(whole.step);
  expect(own.parameters['design/processors/codes']!.shape).toEqual([3, 8]);
  expect(own.slots['design/processors/codes/average']!.shape).toEqual([3, 8]);
  expect(own.parameters['circuit/read-in/attention/out/kernel']).toEqual(
    whole.parameters['circuit/read-in/attention/out/kernel'],
  );
  expect(readFileSync(ran.run.paths.log, 'utf8')).toMatch(/keeps processors \d, \d, \d of 5/);

  const request = { orders: ['degree'], keep: [3], draws: 8, seed: 0, examples: null } as const;
  const { rows, kept, processors } = await measurePruning(circuit(), request);
  expect({ kept, processors }).toEqual({ kept: { degree: [3] }, processors: 5 });
  const measured = (order: string) =>
    rows.filter(({ group }) => group.order === order).map(({ value }) => value);
  expect(measured('degree')).toEqual(accuracies(ran).map(({ value }) => value));
  expect(measured('whole')).toEqual(accuracies(source).map(({ value }) => value));

  const before = readFileSync(ran.run.paths.record, 'utf8');
  await runJob(pruned('degree', 3), results, { work: evaluateRun, evaluate: true });
  expect(readFileSync(ran.run.paths.record, 'utf8')).toBe(before);
});

it('is the circuit itself where all processors stay', async () => {
  const ran = await runJob(pruned('random', 5), results);
  expect(accuracies(ran)).toEqual(accuracies(source));
});

it('refuses weights of another circuit, and a run that there is not', async () => {
  await expect(runJob(pruned('degree', 3, { width: 16 }), results)).rejects.toMatchObject({
    code: 'E_PRUNE_SIZES',
    message: expect.stringContaining('design/processors/codes is [3, 8] there and [3, 16] here'),
    exitCode: 2,
  });
  const lost = {
    ...pruned('degree', 2),
    protocol: { name: 'pruned', of: 'ffffffffff', order: 'degree', seed: 0, draw: 0 },
  };
  await expect(runJob(lost as ExperimentConfig, results)).rejects.toMatchObject({ code: 'E_PRUNE_SOURCE' });
});

it('is observed with the attention that its modules pay', async () => {
  const facts = await observeCircuit(circuit());
  expect(facts).toMatchObject({ processors: 5, grid: [4, 4], set: 'mix', step: 4 });
  expect(facts.links!.before!.degrees).not.toEqual(facts.links!.after.degrees);
  expect(facts.nearest.code.map((near) => near.length)).toEqual([4, 4, 4, 4, 4]);
  expect(facts.images[0]!.peaks.every((peak) => peak >= 1 / 16 && peak <= 1)).toBe(true);
  const small = await runJob(pruned('degree', 2), results);
  const left = await observeCircuit({
    ...circuit(),
    config: pruned('degree', 2),
    run: small.run.id,
    folder: small.run.paths.folder,
  });
  expect(left).toMatchObject({ processors: 2, links: { before: null } });
});
