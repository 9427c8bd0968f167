import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readPredictions } from '../evaluation/predictions-file.js';
import { readRecord } from '../evaluation/record.js';
import { listRuns } from '../runs/list.js';
import { readMetrics } from '../tracking/metrics-log.js';
import { type CommandResult, runCommand, temporaryFolder } from './cli.js';
import { listFilesBelow } from './files.js';

const results = temporaryFolder();
const sets = ['train', 'validation', 'iid', 'ood_c', 'outline', 'texture', 'stripes', 'mix'];
const words = [
  ...['dataset=sprites', 'dataset.side=32', 'dataset.draws=4', 'split=sprites-ood'],
  ...['model=cnn', 'objective=cross_entropy', 'objective.label_smoothing=0.1'],
  ...['training.steps=6', 'training.batch_size=16', 'training.monitor={every: 3, examples: 32}'],
  ...['evaluation.train_examples=32', 'evaluation.test_examples=48', 'evaluation.batch_size=16'],
  ...['evaluation.metrics=[accuracy,cross_entropy,calibration_error,worst_group_accuracy]'],
  ...['+evaluation.groups=[[shape,hue]]', `paths.results=${results}`, '--progress', 'plain'],
];
let command: CommandResult;
const tableOf = (name: string) =>
  listFilesBelow(join(results, 'tables')).find((file) => file.endsWith(name))!;
beforeAll(async () => {
  command = await runCommand('experiment', words);
});
afterAll(() => rmSync(results, { recursive: true, force: true }));

it('a study of classes on named sets ends with its accuracy on each', () => {
  expect({ code: command.code, stderr: command.code === 0 ? '' : command.stderr }).toEqual({
    code: 0,
    stderr: '',
  });
  expect(command.stdout).toContain('Accuracy by model and set on sprites');
  // Without a terminal, a table is as wide as a page, and wraps.
  expect(command.stdout).toMatch(/^CNN( +0\.\d{3} ± n\/a){6}$/m);
  expect(command.stdout).toMatch(/^majority class( +0\.\d{3}){6}$/m);
  const csv = readFileSync(join(results, 'tables', tableOf('accuracy-by-set.csv')), 'utf8');
  for (const set of sets) expect(csv).toContain(set);
  expect(command.stdout).toContain('all right');
  expect(command.stdout).not.toContain('R²');
});

it('keeps logits, from which every number can be had again', async () => {
  const runs = listRuns(results);
  const trained = runs.find(({ status }) => status?.stages.trained !== undefined)!;
  const table = await readPredictions(trained.paths.predictions);
  expect(
    Object.entries(table.logits!).map(([name, { length }]) => [name, length / table.example.length]),
  ).toEqual([
    ['shape', 4],
    ['hue', 4],
    ['size', 3],
    ['x', 4],
    ['y', 4],
  ]);
  expect([...new Set(table.set)]).toEqual(sets);
  expect(new Set(table.held.filter((_, row) => table.set[row] === 'outline'))).toEqual(
    new Set(['rendition']),
  );
  const record = readRecord(trained.paths.record)!;
  expect(record.rows.filter(({ metric }) => metric === 'worst_group_accuracy')).toHaveLength(sets.length * 6);
  const monitored = readMetrics(trained.paths.metrics).filter(({ kind }) => kind === 'monitor');
  expect(Object.keys(monitored[0]!)).toEqual(
    expect.arrayContaining(['train_accuracy', 'validation_accuracy']),
  );

  const before = readFileSync(trained.paths.record, 'utf8');
  const again = await runCommand('experiment', [
    'evaluate',
    trained.run,
    '--metrics-only',
    `paths.results=${results}`,
  ]);
  expect(again.code).toBe(0);
  expect(readFileSync(trained.paths.record, 'utf8')).toBe(before);
});

it('draws what classes have: accuracy by set, curves, and images of every set', () => {
  const figures = listFilesBelow(join(results, 'figures')).filter((file) => file.endsWith('.svg'));
  expect(figures.map((file) => file.split('/').at(-1))).toEqual([
    'accuracy-by-set.svg',
    'images-per-split.svg',
    'learning-curves.svg',
  ]);
  const bars = readFileSync(join(results, 'figures', figures[0]!), 'utf8');
  for (const set of sets) expect(bars).toContain(set.replace('_', ' '));
  const curves = readFileSync(join(results, 'figures', figures[2]!), 'utf8');
  expect(curves).toContain('accuracy');
  expect(curves).toContain('validation examples');
});
