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
  ...['--config', 'domainbed.yaml', 'algorithm=erm,irm', 'split.test=[0],[2]', 'model=mlp'],
  ...['model.widths=[8]', 'domainbed.hparams_seed=0', 'domainbed.trial_seed=0', 'training.steps=4'],
  ...['training.monitor={every: 2, examples: 16, environments: 100}', 'replicas=4', '--progress', 'plain'],
  `paths.results=${results}`,
];
const environment = { HELDOUT_DATA: folder };
const plan = (...more: readonly string[]) =>
  callCommand('experiment', [...words, ...more, '--dry-run'], environment);

it("trains by DomainBed's protocol, and reports what its rules select", async () => {
  const { code, stdout, stderr } = await runCommand('experiment', words, environment);
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('Accuracy in environments held out of colored_mnist, by how runs are selected');
  expect(stdout).toContain('sees the test environment');
  const configs = listRuns(results).map(({ paths }) => readFileSync(paths.resolved, 'utf8'));
  expect(configs).toHaveLength(4);
  // The defaults of ColoredMNIST.
  for (const config of configs) expect(config).toContain('learning_rate: 0.001');
  expect(configs.filter((config) => config.includes('strength: 100'))).toHaveLength(2);
});

it("writes the runs in DomainBed's layout, whose tables select the same", async () => {
  const layout = join(folder, 'layout');
  const [study] = readdirSync(join(results, 'sweeps'));
  const exporting = ['export', study!, `to=${layout}`, '--layout', 'domainbed', `paths.results=${results}`];
  const { code, stdout, stderr } = await callCommand('results', exporting);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('4 runs of domainbed');
  const theirs = await callCommand('tables', [layout, '--layout', 'domainbed']);
  expect(theirs.stdout).toContain(
    'Dataset: ColoredMNIST, model selection method: training-domain validation',
  );
  const ours = readFileSync(join(results, 'tables', study!, 'selected-runs.csv'), 'utf8');
  const percent = /^ERM +([\d.]+) /m.exec(theirs.stdout)![1]!;
  const [, share] = /^training-domain validation set,ERM,([\d.e-]+)/m.exec(ours)!;
  expect((100 * Number(share)).toFixed(1)).toBe(percent);
});

it('refuses an algorithm that is not there, and one environment alone', async () => {
  const unknown = await plan('algorithm=irmm');
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain('irm');
  const alone = await plan('algorithm=irm', 'split.test=[[0,1]]');
  expect({ code: alone.code, stderr: alone.stderr }).toMatchObject({ code: 2 });
});

it("writes predictions as WILDS' evaluation takes them, with its metrics by its keys", async () => {
  const layout = join(folder, 'wilds');
  const [study] = readdirSync(join(results, 'sweeps'));
  const words = ['export', study!, `to=${layout}`, '--layout', 'wilds', `paths.results=${results}`];
  const { code, stdout } = await runCommand('results', [...words, 'by=environment,label']);
  expect(code).toBe(0);
  const [own] = readdirSync(layout);
  const numbers = JSON.parse(readFileSync(join(layout, own!, 'results.json'), 'utf8')) as Record<
    string,
    Record<string, Record<string, number>>
  >;
  const [replicate] = Object.keys(numbers);
  const file = `colored_mnist_split:test_${replicate}_epoch:last_pred.csv`;
  const text = readFileSync(join(layout, own!, file), 'utf8');
  const counts = Object.entries(numbers[replicate!]!.test!).filter(([key]) => key.startsWith('count_label:'));
  expect(text.trim().split('\n')).toHaveLength(counts.reduce((sum, [, count]) => sum + count, 0));
  expect(stdout).toMatch(/ test: acc_avg 0\.\d{3}, acc_wg 0\.\d{3}, recall-macro_all/);
  const wrong = await runCommand('results', [...words, 'by=place']);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain("by=place: there is no field 'place' to group by");
});
