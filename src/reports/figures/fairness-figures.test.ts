import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { FairArm, FairRun, ScoredPeople } from '../../analysis/fairness/study/arms.js';
import { makeArms } from '../../analysis/fairness/testing/arms.js';
import type { JsonObject } from '../../core/json.js';
import type { PredictionsTable, RecordRow } from '../../evaluation/predictions.js';
import { encodePredictions } from '../../evaluation/predictions-file.js';
import { probeMetrics } from '../../evaluation/probes/rows.js';
import { runFolder, runPaths } from '../../runs/folder.js';
import { buildPlan, type ComposedJob, type Plan } from '../../sweeps/plan.js';
import { readStudyRecords } from '../records/study-records.js';
import { fairnessFigures } from './fairness-figures.js';
import { explainLacks, type FigureOptions, writeStudyFigures } from './study-figures.js';

const results = mkdtempSync(join(tmpdir(), 'heldout-fairness-'));
afterAll(() => rmSync(results, { recursive: true, force: true }));

const objectives: Readonly<Record<string, string>> = { unconstrained: 'fair', regularised: 'fair' };

function compose(arm: FairArm, { seed }: FairRun, dataset: string): ComposedJob {
  const { kind, strength, shuffled } = arm;
  const name = objectives[kind] ?? kind;
  const config: JsonObject = {
    seed: Number(seed),
    dataset: { name: dataset },
    split: { rule: 'stratified' },
    model: { name: 'mlp' },
    protocol: { name: 'supervised' },
    objective: { name, strength, shuffled },
    evaluation: { protected: ['sex'] },
  };
  const axes = {
    dataset,
    objective: name,
    'objective.strength': `${strength}`,
    'objective.shuffled': `${shuffled}`,
    seed,
  };
  return { axes, protocol: 'supervised', config, composed: config, overrides: [], provenance: {} };
}

/** The table that a run whose second head is called `sex` leaves behind. */
function tableOf({ validation, test }: FairRun, hasHead: boolean): PredictionsTable {
  const sets: readonly (readonly [string, ScoredPeople])[] = [
    ['validation', validation],
    ['test', test],
  ];
  const gather = (of: (people: ScoredPeople) => ArrayLike<number>) =>
    sets.flatMap(([, people]) => Array.from(of(people)));
  const pairs = (values: readonly number[]) => Float32Array.from(values.flatMap((value) => [0, value]));
  const example = Uint32Array.from(gather(({ ids }) => ids));
  return {
    example,
    set: sets.flatMap(([set, { ids }]) => Array.from(ids, () => set)),
    held: Array.from(example, () => ''),
    variables: {
      income: Uint16Array.from(gather(({ people }) => people.y)),
      sex: Uint16Array.from(gather(({ people }) => people.a)),
    },
    targets: {},
    predictions: {},
    logits: {
      income: pairs(gather(({ f }) => f)),
      ...(hasHead ? { sex: pairs(gather(({ g }) => g!)) } : {}),
    },
    context: {
      ...{ variance: {}, levels: {}, held: {} },
      beside: hasHead ? ['sex'] : [],
      names: { income: ['<=50K', '>50K'], sex: ['Female', 'Male'] },
    },
  };
}

function probeRows(): RecordRow[] {
  return ['logistic', 'majority'].map((probe, at) => ({
    ...{ set: 'test', metric: probeMetrics.accuracy, value: 0.7 - 0.1 * at, n: 200 },
    group: { protected: 'sex', probe },
  }));
}

/** A study whose runs lie in the results folder, over the datasets that are named. */
async function writeStudy(
  name: string,
  arms: readonly FairArm[],
  { datasets = ['adult'], probed = true } = {},
): Promise<Omit<FigureOptions, 'names' | 'whole'>> {
  const listed = datasets.flatMap((dataset) =>
    arms.flatMap((arm) => arm.runs.map((run) => ({ arm, run, job: compose(arm, run, dataset) }))),
  );
  const plan: Plan = buildPlan(
    name,
    name,
    listed.map(({ job }) => job),
  );
  for (const [at, { arm, run }] of listed.entries()) {
    const job = plan.jobs[at]!;
    const paths = runPaths(runFolder(results, plan.study, job.run));
    mkdirSync(paths.folder, { recursive: true });
    const accuracy = { set: 'validation', metric: 'accuracy', group: {}, value: 0.8, n: 200 };
    const rows = [accuracy, ...(probed ? probeRows() : [])];
    writeFileSync(paths.record, JSON.stringify({ schema: 1, run: job.run, labels: job.labels, rows }));
    writeFileSync(paths.predictions, await encodePredictions(tableOf(run, arm.kind === 'two_heads')));
  }
  const study = readStudyRecords(plan, results);
  return { plan, resultsFolder: results, study, build: 'test', splitImages: async () => [] };
}

async function draw(
  options: Omit<FigureOptions, 'names' | 'whole'>,
  names: FigureOptions['names'] = fairnessFigures,
) {
  const given = { ...options, names, whole: true };
  const { files } = await writeStudyFigures(given);
  const svgs = files.filter((file) => file.endsWith('.svg'));
  /** What is written in a figure; lines of a text are joined by blanks. */
  const read = (name: string) => {
    const svg = readFileSync(svgs.find((file) => basename(file, '.svg') === name)!, 'utf8');
    return [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text).join(' ');
  };
  return { names: svgs.map((file) => basename(file, '.svg')), read, lacks: explainLacks(given) };
}

describe('the figures of a study of fairness', () => {
  it('are drawn from predictions and records, with groups and seeds named', async () => {
    const arms = makeArms({ size: 200, seeds: [1, 2] });
    const { names, read, lacks } = await draw(await writeStudy('people', arms));
    expect(names).toEqual(fairnessFigures);
    expect(lacks).toEqual(new Map());
    const tradeOffs = read('accuracy-against-gap');
    expect(tradeOffs).toContain('rate of income = &gt;50K among Male minus that among Female');
    expect(tradeOffs).toContain('Means over seeds 1, 2');
    expect(tradeOffs).toContain('λ = 10');
    expect(read('awareness-against-gap')).toContain('always the largest group');
    expect(read('awareness-against-gap')).not.toContain('probe of the inputs');
    expect(read('agreement-and-recovery')).toContain('ceiling: retrained');
    expect(read('two-heads-plane')).toContain('sex: Female');
    expect(read('group-head-histogram')).toContain('single seeds');
  }, 60_000);

  it('come once for each dataset', async () => {
    const arms = makeArms({ size: 60, seeds: [1] }).filter(({ kind }) => kind === 'two_heads');
    const study = await writeStudy('two', arms, { datasets: ['adult', 'compas'] });
    const { names } = await draw(study, ['group-head-histogram']);
    expect(names).toEqual(['group-head-histogram-adult', 'group-head-histogram-compas']);
  }, 60_000);

  it('leave out what no run has, and say what to type', async () => {
    const arms = makeArms({ size: 200, seeds: [1] }).filter(({ kind }) => kind !== 'two_heads');
    const { names, read, lacks } = await draw(await writeStudy('alone', arms, { probed: false }));
    expect(names).toEqual(['accuracy-against-gap']);
    expect(read('accuracy-against-gap')).toContain('Seed 1 alone, so there are no intervals.');
    expect(read('accuracy-against-gap')).not.toContain('two heads');
    const heads = 'no run of this study has two heads (objective=two_heads)';
    expect(lacks.get(heads)).toEqual([
      'accuracy-against-gap',
      'two-heads-plane',
      'agreement-and-recovery',
      'group-head-histogram',
    ]);
    expect(lacks.get('no run of this study has probes (evaluation/probes=default)')).toEqual([
      'awareness-against-gap',
    ]);
  }, 60_000);
});
