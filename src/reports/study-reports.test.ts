import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../core/json.js';
import { encodePredictions } from '../evaluation/predictions-file.js';
import { nearestSeen, predictGrid } from '../evaluation/testing/grid-predictions.js';
import { makeRecords } from '../evaluation/testing/synthetic-records.js';
import { makeImages } from '../figures/testing/samples.js';
import { runFolder, runPaths } from '../runs/folder.js';
import { buildPlan, type ComposedJob, type Plan } from '../sweeps/plan.js';
import { tableNames } from '../tables/study-tables.js';
import { writeStudyFigures } from './figures/study-figures.js';
import { readStudyRecords } from './records/study-records.js';
import { writeStudyTables } from './tables/study-tables.js';

const results = mkdtempSync(join(tmpdir(), 'heldout-reports-'));
afterAll(() => rmSync(results, { recursive: true, force: true }));

/** A study over two grids, and over two splits that extrapolate. */
function compose(every: number, split: JsonObject, model: string, protocol = 'supervised'): ComposedJob {
  const config: JsonObject = {
    seed: 0,
    dataset: { name: 'dsprites', every },
    split,
    model: { name: model },
    protocol: { name: protocol },
  };
  const axes =
    protocol === 'reference'
      ? { model }
      : { 'dataset.levels.x.every': `${every}`, split: `${split.rule}`, 'split.share': `${split.share}` };
  return { axes, protocol, config, composed: config, overrides: [], provenance: {} };
}

const splits = [
  { rule: 'random', share: 0.2 },
  { rule: 'extrapolation', share: 0.2 },
  { rule: 'extrapolation', share: 0.3 },
];
const jobs = [8, 4].flatMap((every) => splits.map((split) => compose(every, split, 'cnn')));
const references = [8, 4].flatMap((every) =>
  splits.map((split) => compose(every, split, 'train_mean', 'reference')),
);
const plan = buildPlan('toy', 'toy', [...jobs, ...references]);

async function writeRuns({ jobs, study }: Plan): Promise<void> {
  for (const { run, labels, config, protocol } of jobs) {
    const paths = runPaths(runFolder(results, study, run));
    const { every } = config.dataset as { every: number };
    mkdirSync(paths.folder, { recursive: true });
    const [record] = makeRecords({ models: [labels.model], splits: [labels.split.split(',')[0]!], seeds: 1 });
    writeFileSync(paths.record, JSON.stringify({ ...record, run, labels: { protocol } }));
    if (protocol === 'reference') continue;
    const factors = [
      { name: 'scale', levels: 3, held: [2] },
      { name: 'x', levels: every, held: [every - 1] },
    ];
    writeFileSync(paths.predictions, await encodePredictions(predictGrid(factors, nearestSeen)));
    writeFileSync(
      paths.metrics,
      '{"kind":"train","step":10,"loss":0.5}\n{"kind":"monitor","step":10,"train_r2":0.5,"test_r2":0}\n',
    );
  }
}
await writeRuns(plan);

const list = (kind: string, ending: string) =>
  readdirSync(join(results, kind, 'toy'))
    .filter((file) => file.endsWith(ending))
    .sort();
const study = readStudyRecords(plan, results);

describe('the tables of a study', () => {
  const folder = join(results, 'tables', 'toy');

  it('have one file per dataset, named without blanks and commas', async () => {
    const { tables } = await writeStudyTables('toy', results, study, { names: ['r2-by-split'], whole: true });
    expect(tables.map(({ title }) => title)).toEqual([
      'R² by model and split on dsprites, every=8',
      'R² by model and split on dsprites, every=4',
    ]);
    expect(list('tables', '.tex')).toEqual([
      'r2-by-split-dsprites-every-4.tex',
      'r2-by-split-dsprites-every-8.tex',
    ]);
    const text = readFileSync(join(folder, 'r2-by-split-dsprites-every-4.tex'), 'utf8');
    expect(text).toContain('\\label{tab:r2-by-split-dsprites-every-4}');
    expect(text).toContain('extrapolation, share=0.3');
  });

  it('go when the study has them no longer, and nothing else does', async () => {
    writeFileSync(join(folder, 'r2-by-split-notes.txt'), 'mine');
    await writeStudyTables('toy', results, study, { names: ['r2-by-factor'], whole: false });
    expect(list('tables', '.csv')).toHaveLength(4);
    const order = { ...study.order, datasets: ['dsprites, every=8'] };
    await writeStudyTables('toy', results, { ...study, order }, { names: tableNames, whole: true });
    expect(list('tables', '.csv')).toEqual(['r2-by-factor.csv', 'r2-by-split.csv', 'r2-by-sub-split.csv']);
    expect(list('tables', '.txt')).toContain('r2-by-split-notes.txt');
  });
});

describe('the figures of a study', () => {
  let drawn = 0;
  const write = (changes: Partial<Parameters<typeof writeStudyFigures>[0]> = {}) =>
    writeStudyFigures({
      plan,
      resultsFolder: results,
      study,
      names: ['predicted-against-true', 'learning-curves', 'images-per-split'],
      whole: true,
      build: 'test',
      splitImages: async () => {
        drawn += 1;
        return makeImages().slice(0, 1);
      },
      ...changes,
    });

  it('come once per dataset, and the predictions once per split that extrapolates', async () => {
    const { files } = await write();
    const kinds = [
      'images-per-split',
      'learning-curves',
      'predicted-against-true-extrapolation-share-0-2',
      'predicted-against-true-extrapolation-share-0-3',
    ];
    expect(list('figures', '.svg')).toEqual(
      kinds.flatMap((kind) => [`${kind}-dsprites-every-4.svg`, `${kind}-dsprites-every-8.svg`]),
    );
    expect(files).toHaveLength(16);
    const svg = (every: number) =>
      readFileSync(
        join(
          results,
          'figures',
          'toy',
          `predicted-against-true-extrapolation-share-0-2-dsprites-every-${every}.svg`,
        ),
        'utf8',
      );
    expect(svg(4)).not.toBe(svg(8));
  });

  it('are drawn anew when order, labels or choice change, and old ones go', async () => {
    const names = ['images-per-split'] as const;
    const count = async (changes: Parameters<typeof write>[0]) => {
      const before = drawn;
      await write({ names, ...changes });
      return drawn - before;
    };
    expect(await count({})).toBe(2);
    expect(list('figures', '.svg')).toHaveLength(2);
    expect(await count({})).toBe(0);
    const models = { ...study, order: { ...study.order, models: ['cnn', 'mlp'] } };
    expect(await count({ study: models })).toBe(2);
    const renamed = study.jobs.map((job) => ({ ...job, labels: { ...job.labels, model: 'other' } }));
    expect(await count({ study: { ...study, jobs: renamed } })).toBe(2);
    expect(await count({ study: { ...study, records: [] } })).toBe(0);
    expect(list('figures', '.svg')).toHaveLength(2);
  });

  it('are drawn one by one on request, beside those that are there', async () => {
    const { files } = await write({ names: ['learning-curves'], whole: false });
    expect(files).toHaveLength(4);
    expect(list('figures', '.svg')).toHaveLength(4);
  });
});
