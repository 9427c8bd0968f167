import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { afterAll, expect, it, vi } from 'vitest';
import { projectRoot } from '../../core/files/paths.js';
import type { JsonObject } from '../../core/json.js';
import { listFilesBelow } from '../../e2e/files.js';
import { makeResults, runJob, smallConfig } from '../../protocols/testing/jobs.js';
import { buildPlan, type Plan } from '../../sweeps/plan.js';
import { reportStudy } from './report-study.js';

const { folder, remove } = makeResults();
afterAll(remove);

const configs = ['train_mean', 'nearest_seen'].map((name) =>
  smallConfig({
    model: { name },
    protocol: { name: 'reference' },
    evaluation: { train_examples: 20, test_examples: 30 },
  }),
);

function plan(count: number): Plan {
  const composed = configs.slice(0, count).map((config) => ({
    axes: { model: config.model.name },
    protocol: 'reference',
    config: config as unknown as JsonObject,
    composed: {},
    overrides: [],
    provenance: {},
  }));
  return buildPlan('test', 'test', composed);
}

it('of a stopped launch prints tables only if nothing is left, and what its jobs could not write', async () => {
  const said: string[] = [];
  const note = (text: string | Uint8Array) => said.push(String(text)) > 0;
  vi.spyOn(process.stdout, 'write').mockImplementation(note);
  vi.spyOn(process.stderr, 'write').mockImplementation(note);
  mkdirSync(join(folder, 'tables'));
  await runJob(configs[0]!, { folder, remove });
  const [, left] = plan(2).jobs;
  const error = {
    code: 'E_FILE_ENOSPC',
    message: 'no space is left on the disk',
    hints: ['free some space'],
  };
  const job = { index: 1, run: left!.run, label: left!.label, folder };
  const results = [{ job, outcome: 'interrupted', error }] as const;

  expect(await reportStudy({ plan: plan(2), resultsFolder: folder, stopped: true, results })).toBe(130);
  expect(readdirSync(join(folder, 'tables'))).toEqual([]);
  expect(said.join('')).toContain(
    `not begun: model=nearest_seen (${left!.run}): no space is left on the disk\n  → free some space\n`,
  );
  said.length = 0;
  expect(await reportStudy({ plan: plan(1), resultsFolder: folder, stopped: true, results: [] })).toBe(0);
  expect(said.join('')).toContain('Tables   ');
  vi.restoreAllMocks();
});

it('prints paths that a shell expands to the files that were written', async () => {
  const said: string[] = [];
  const place = join(folder, 'my results');
  await runJob(configs[0]!, { folder: place, remove });
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  await reportStudy({ plan: plan(1), resultsFolder: place, stopped: false, results: [] });
  write.mockRestore();
  for (const kind of ['Tables', 'Figures']) {
    const words = new RegExp(`^${kind} +(.+)$`, 'm').exec(said.join(''))?.[1];
    const { stdout } = execaSync('bash', ['-c', `printf '%s\\n' ${words}`], { cwd: projectRoot() });
    const written = listFilesBelow(join(place, kind.toLowerCase())).filter(
      (name) => !name.endsWith('inputs.json'),
    );
    const paths = written.map((name) => join(place, kind.toLowerCase(), name));
    expect(stdout.split('\n').sort()).toEqual(paths.sort());
  }
});
