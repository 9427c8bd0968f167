import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkTogether } from '../../../config/schema/root.js';
import { readPredictions } from '../../../evaluation/predictions-file.js';
import { readRecord } from '../../../evaluation/record.js';
import { findLastGoodCheckpoint } from '../../../runs/checkpoints/checkpoints.js';
import { makeSplit } from '../../../splits/index.js';
import type { JobContext } from '../../context.js';
import { prepareMaterial } from '../../prepare.js';
import { trainAndEvaluate } from '../../supervised.js';
import {
  makeResults,
  type RanJob,
  type Results,
  runJob,
  smallConfig,
  smallTraining,
} from '../../testing/jobs.js';

let results: Results;
beforeAll(() => {
  results = makeResults();
});
afterAll(() => results.remove());

const tests = {
  near: { of: 'train', share: 0.1 },
  far: { of: 'train', share: 0.1 },
};

/** Tells shapes; with some of the sets for testing. */
function protocolWith(names: readonly (keyof typeof tests)[], targets: readonly string[] = ['shape']) {
  return trainAndEvaluate(async ({ config, dataFolder }: JobContext) => {
    const { dataset } = await prepareMaterial(config, dataFolder);
    const sets = {
      train: { shape: ['square', 'ellipse', 'heart'] },
      validation: { of: 'train', share: 0.1 },
      ...tests,
    };
    const { sets: all, ...split } = makeSplit(dataset.table, { rule: 'statement', sets });
    const kept = Object.entries(all).filter(([name]) => !(name in tests) || names.includes(name as 'near'));
    return {
      dataset: { ...dataset, targets: targets.map((name) => ({ name, kind: 'categorical' as const })) },
      split: { ...split, sets: Object.fromEntries(kept) as typeof all },
    };
  });
}

const configure = (adaptation: unknown, model: object, seed = 0) =>
  smallConfig({
    objective: { name: 'cross_entropy' },
    training: smallTraining,
    model,
    seed,
    evaluation: {
      ...{ metrics: ['accuracy'], train_examples: 30, test_examples: 50, batch_size: 32 },
      ...(adaptation !== undefined && { adaptation }),
    },
  });

const mlp = { name: 'mlp', widths: [16, 8] };
const vit = { name: 'vit', width: 8, layers: 1, heads: 2, expansion: 2, patch: 16 };

const evaluated = (job: RanJob) => readPredictions(job.run.paths.predictions);

async function run(
  adaptation: unknown,
  model: object,
  names: readonly (keyof typeof tests)[] = ['near', 'far'],
) {
  const { folder } = results;
  const own = {
    ...results,
    folder: `${folder}/${names.join('-')}-${JSON.stringify(adaptation)?.length ?? 0}`,
  };
  const job = await runJob(configure(adaptation, model), own, {
    work: (context) => protocolWith(names).run(context),
  });
  const { set, logits, ...table } = await evaluated(job);
  const ofSet = (name: string) => [...set.keys()].filter((row) => set[row] === name);
  const logitsOf = (name: string) =>
    ofSet(name).flatMap((row) => [...logits!.shape!.subarray(3 * row, 3 * row + 3)]);
  const examplesOf = (name: string) => ofSet(name).map((row) => table.example[row]);
  const { checkpoints, record } = job.run.paths;
  const { parameters } = findLastGoodCheckpoint(checkpoints, job.run.id).checkpoint!.state;
  return { logitsOf, examplesOf, parameters, record: readRecord(record)! };
}

describe.each([
  ['t3a', mlp, { name: 't3a', keep: 5, batch_size: 16 }],
  ['tent', vit, { name: 'tent', learning_rate: 0.01, batch_size: 16 }],
] as const)('an evaluation that adapts by %s', (name, model, adaptation) => {
  it('answers sets for testing otherwise, each from the trained weights, and no others', async () => {
    const [plain, adapted, alone] = [
      await run(undefined, model),
      await run(adaptation, model),
      await run(adaptation, model, ['far']),
    ];
    expect(adapted.parameters).toEqual(plain.parameters);
    for (const set of ['train', 'validation']) expect(adapted.logitsOf(set)).toEqual(plain.logitsOf(set));
    for (const set of ['near', 'far']) {
      expect(adapted.logitsOf(set)).not.toEqual(plain.logitsOf(set));
      expect(adapted.examplesOf(set)).toEqual(plain.examplesOf(set));
    }
    // That another set was adapted to before it changes nothing.
    expect(alone.logitsOf('far')).toEqual(adapted.logitsOf('far'));
    expect(adapted.record.labels.adaptation).toBe(name);
  });
});

describe('an adaptation that cannot be', () => {
  const refused = (config: ReturnType<typeof configure>, targets?: readonly string[]) =>
    expect(runJob(config, results, { work: (context) => protocolWith(['near'], targets).run(context) }))
      .rejects;

  it('is refused before training', async () => {
    await refused(configure('tent', mlp, 1)).toThrow(/mlp has no norm layers/);
    await refused(configure('t3a', mlp, 2), ['shape', 'scale']).toThrow(/softmax of one target.* 2 targets/);
  });

  it('is refused beside what looks at the network as it was trained', () => {
    const config = configure('t3a', mlp);
    expect(checkTogether(config)).toEqual([]);
    const evaluation = { ...config.evaluation, probes: { variable: null, l2: [1], hidden: 4 } };
    expect(checkTogether({ ...config, evaluation })[0]).toMatchObject({
      path: ['evaluation', 'adaptation'],
      hint: expect.stringContaining('~evaluation.probes'),
    });
  });

  it('has its usual options where it is a name', () => {
    expect(configure('t3a', mlp).evaluation.adaptation).toEqual({ name: 't3a', keep: null, batch_size: 32 });
    expect(() => configure('t4a', mlp)).toThrow(/t3a, tent/);
  });
});
