import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { sha256 } from '../core/hash.js';
import { readRecord } from '../evaluation/record.js';
import { listCheckpoints } from '../runs/checkpoints/checkpoints.js';
import { listRuns, type RunListing } from '../runs/list.js';
import { readManifest } from '../runs/provenance/manifest.js';
import type { CommandResult } from './cli.js';
import { makeProject, type Project, toy } from './project.js';

let project: Project;
const words = [...toy, 'split=extrapolation'];

beforeAll(async () => {
  project = makeProject();
  expectEnd(await project.run('experiment', ...words), 0);
});

function expectEnd({ code, stdout, stderr }: CommandResult, wanted: number): string {
  expect({ code, stderr: code === wanted ? '' : stderr }).toEqual({ code: wanted, stderr: '' });
  expect(stdout + stderr).not.toMatch(/internal error|^ +at /m);
  return stderr;
}

const findRun = (): RunListing =>
  listRuns(project.results).find(({ paths }) => listCheckpoints(paths.checkpoints).length > 0)!;

it('spares the checkpoint of a run whose metrics are damaged', async () => {
  const { run, paths } = findRun();
  const metrics = readFileSync(paths.metrics);
  const harmed = Buffer.from(metrics);
  harmed[20]! ^= 1;
  writeFileSync(paths.metrics, harmed);
  const message = expectEnd(await project.run('experiment', 'evaluate', run), 0);
  expect(message).toMatch(/metrics.jsonl does not have the checksum .*; it is evaluated as it is at step 40/);
  expect(listCheckpoints(paths.checkpoints)).toHaveLength(1);
  expect(readFileSync(paths.metrics)).toEqual(harmed);
  writeFileSync(paths.metrics, metrics);
  expect(findRun().status?.state).toBe('done');
});

it('refuses what it cannot take from the run folder, and the study’s command puts it right', async () => {
  const { run, paths, status } = findRun();
  const resolved = readFileSync(paths.resolved, 'utf8');
  writeFileSync(paths.resolved, resolved.replace('test_examples: 128', 'test_examples: 64'));
  const message = expectEnd(await project.run('experiment', 'evaluate', run, '--metrics-only'), 1);
  expect(message).toContain('its predictions are of another evaluation than its config');
  expect(message).toContain(`→ npm run experiment -- evaluate ${run}`);
  expect(findRun().status).toEqual(status);

  truncateSync(paths.resolved, 300);
  for (const flags of [[], ['--metrics-only']]) {
    const refusal = expectEnd(await project.run('experiment', 'evaluate', run, ...flags), 1);
    expect(refusal).toContain(`${paths.resolved}: a file of this run is damaged`);
  }
  expect(findRun().status).toEqual(status);
  expectEnd(await project.run('experiment', ...words), 0);
  expect(readFileSync(paths.resolved, 'utf8')).toBe(resolved);
  expectEnd(await project.run('experiment', 'evaluate', run, '--metrics-only'), 0);
});

it('shows the time of the evaluation, not that of the training', async () => {
  const { run, paths, status } = findRun();
  writeFileSync(paths.status, JSON.stringify({ ...status, seconds: 5000 }));
  for (const flags of [[], ['--metrics-only']]) {
    const words = ['evaluate', run, '--progress', 'plain', ...flags];
    const { code, stderr } = await project.run('experiment', ...words);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/: done in \d+(\.\d)? s$/m) });
  }
  expect(findRun().status?.seconds).toBeGreaterThan(5000);
});

it('adds the metrics that are asked for, and refuses overrides without effect', async () => {
  const { run, paths } = findRun();
  const evaluate = (...more: string[]) => project.run('experiment', 'evaluate', paths.folder, ...more);
  const { code, stdout, stderr } = await evaluate('--metrics-only', 'evaluation.metrics=[mean_ratio]');
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^test +r2 .*^test +mean_ratio /ms);
  expect(findRun().status?.state).toBe('done');

  for (const [words, message, hint] of [
    [['seed=3'], "as it was trained, so 'seed' has no effect", 'start its study with seed changed'],
    [['training.steps=9'], "'training.steps' has no effect", 'an evaluation may change dataset, split'],
    [['--metrics-only', 'evaluation.seed=1'], 'a run is evaluated by its own config', 'start its study'],
    [['dataset=sprites', 'dataset.side=32'], 'takes image [64, 64, 1] (dsprites)', 'dataset.side=64'],
    [['dataset.levels={x: {every: 16}}'], 'knows 4 levels of x (0, 0.2581', 'the levels of dsprites'],
  ] as const) {
    const refusal = expectEnd(await evaluate(...words), 2);
    expect(refusal).toContain(message);
    expect(refusal).toContain(hint);
  }
  expectEnd(await project.run('experiment', 'evaluate', run, '--metrics-only'), 0);
});

it('evaluates a run otherwise, once, as a run of its own that every command takes', async () => {
  const { run, paths } = findRun();
  const before = readRecord(paths.record)!;
  const words = ['evaluate', run, 'split=random', 'evaluation.metrics=[mse]', 'evaluation.test_examples=64'];
  const first = await project.run('experiment', ...words, '--progress', 'none');
  expectEnd(first, 0);
  const made = listRuns(project.results, 'toy-evaluated');
  expect(made).toHaveLength(1);
  const [own] = made;
  const wanted = listCheckpoints(paths.checkpoints).at(-1)!;
  const { data } = readManifest(own!.paths)!;
  const weights = sha256(readFileSync(join(wanted, 'weights.safetensors')));
  expect(data).toMatchObject({ origin: { run, step: 40, weights } });
  const { rows } = readRecord(own!.paths.record)!;
  expect(new Set(rows.map(({ metric }) => metric))).toEqual(new Set(['mse']));
  const shown = rows.find(({ set, group }) => set === 'test' && Object.keys(group).length === 0)!;
  expect(shown.n).toBe(64);
  expect(first.stdout).toContain(shown.value.toFixed(4));
  expect(readRecord(paths.record)).toEqual(before);

  const created = own!.status!.attempts;
  expectEnd(await project.run('experiment', ...words, '--progress', 'none'), 0);
  expect(listRuns(project.results, 'toy-evaluated').map(({ status }) => status!.attempts)).toEqual([created]);
  const record = readFileSync(own!.paths.record, 'utf8');
  expectEnd(await project.run('experiment', 'evaluate', own!.run), 0);
  expect(readFileSync(own!.paths.record, 'utf8')).toBe(record);
  const [, plan] = /npm run tables -- (\S+)\)/.exec(first.stdout)!;
  expectEnd(await project.run('tables', plan!), 0);
});
