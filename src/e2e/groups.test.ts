import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rowKey } from '../analysis/records.js';
import { readRecord } from '../evaluation/record.js';
import { listRuns } from '../runs/list.js';
import { type CommandResult, callCommand, runCommand, temporaryFolder } from './cli.js';

const results = temporaryFolder();
afterAll(() => rmSync(results, { recursive: true, force: true }));

// Hue has two levels and is asked for; images of two shapes are to be treated alike.
const words = [
  ...['dataset=sprites', 'dataset.side=32', 'dataset.draws=2', 'split=random', 'model=mlp'],
  'engine.backend=wasm',
  ...['+dataset.levels={hue: {first: 2}, shape: {first: 2}}', 'model.widths=[8]', 'objective=cross_entropy'],
  ...['training.steps=3', 'training.batch_size=16', 'training.monitor={every: 3, examples: 16}'],
  ...['evaluation.train_examples=32', 'evaluation.test_examples=64', 'evaluation.batch_size=16'],
  ...['+evaluation.protected=[shape]', 'evaluation.references=[majority]'],
  ...['study.name=people', `paths.results=${results}`, '--progress', 'plain'],
];
let command: CommandResult;
beforeAll(async () => {
  command = await runCommand('experiment', [
    ...words,
    'evaluation.metrics=[accuracy,positive_rate,demographic_parity,equalized_odds_max]',
  ]);
});

it('has rows of groups in its record', () => {
  expect({ code: command.code, stderr: command.code === 0 ? '' : command.stderr }).toEqual({
    code: 0,
    stderr: '',
  });
  const trained = listRuns(results).find(({ status }) => status?.stages.trained !== undefined)!;
  const { rows } = readRecord(trained.paths.record)!;
  const find = (metric: string, key: string) =>
    rows.find((row) => row.metric === metric && rowKey(row.set, row.group) === key)!;
  const rates = rows.filter(
    ({ set, metric, group }) => set === 'test' && metric === 'positive_rate' && group.target === 'hue',
  );
  expect(rates.map(({ group }) => group.by)).toEqual(['shape', 'shape']);
  const difference = find('demographic_parity', 'test by=shape target=hue');
  expect(difference.value).toBeCloseTo(rates[1]!.value - rates[0]!.value, 12);
  expect(difference.n).toBe(rates[0]!.n + rates[1]!.n);
});

it('makes the table of groups where it is asked for, in every format', async () => {
  const [study] = readdirSync(join(results, 'tables'));
  const table = await callCommand('tables', [study!, 'group-metrics', `paths.results=${results}`]);
  expect({ code: table.code, stderr: table.stderr }).toEqual({ code: 0, stderr: '' });
  expect(table.stdout).toContain('Groups of people on sprites');
  expect(table.stdout).toContain('set test');
  expect(table.stdout.indexOf('hue by shape: people')).toBeLessThan(
    table.stdout.indexOf('hue by shape: rates'),
  );
  for (const ending of ['md', 'tex', 'csv', 'json']) {
    const text = readFileSync(join(results, 'tables', study!, `group-metrics.${ending}`), 'utf8');
    expect(text).toMatch(/equalized(\\?_)odds(\\?_)max/);
  }
});

it('says what to type where no protected variable is named', async () => {
  const refused = await callCommand('experiment', [
    ...words.filter((word) => !word.startsWith('+evaluation.protected')),
    'evaluation.metrics=[demographic_parity]',
  ]);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain(
    "'demographic_parity' compares groups, and no variable is named that makes them",
  );
  expect(refused.stderr).toContain("type '+evaluation.protected=[sex]'");
});
