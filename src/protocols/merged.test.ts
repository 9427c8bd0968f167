import { afterAll, describe, expect, it } from 'vitest';
import type { ExperimentConfig } from '../config/schema/root.js';
import type { PredictionsTable } from '../evaluation/predictions.js';
import { readPredictions } from '../evaluation/predictions-file.js';
import { findLastGoodCheckpoint } from '../runs/checkpoints/checkpoints.js';
import { readManifest } from '../runs/provenance/manifest.js';
import { beginWithMerged } from './merged.js';
import { addTarget, type Material } from './prepare.js';
import { trainAndEvaluate } from './supervised.js';
import { makeResults, type RanJob, runJob, smallConfig, smallTraining } from './testing/jobs.js';
import { preparePeople } from './testing/people.js';

const results = makeResults();
afterAll(() => results.remove());

const configure = (sections: object) =>
  smallConfig({
    model: { name: 'mlp', widths: [8] },
    objective: { name: 'cross_entropy' },
    training: { ...smallTraining, steps: 20 },
    evaluation: { train_examples: 50, test_examples: 50, batch_size: 16, metrics: ['accuracy'] },
    ...sections,
  });
const two = (sections: object = {}) => configure({ objective: { name: 'two_heads' }, ...sections });
const merged = (from: string, weights: readonly number[], constant: number, sections: object = {}) =>
  configure({ protocol: { name: 'merged', from, weights, constant }, ...sections });

async function train(people: Material, config: ExperimentConfig): Promise<RanJob> {
  const material = { ...people, dataset: addTarget(people.dataset, config) };
  const protocol = trainAndEvaluate(async () => material);
  return runJob(config, results, { work: (context) => protocol.run(context) });
}

function merge(people: Material, config: ExperimentConfig, evaluate = false): Promise<RanJob> {
  const protocol = trainAndEvaluate(async () => people, beginWithMerged);
  const work = evaluate ? protocol.evaluate : protocol.run;
  return runJob(config, results, { work: (context) => work.call(protocol, context), evaluate });
}

const tableOf = ({ run }: RanJob) => readPredictions(run.paths.predictions);
const logits = ({ logits: all }: PredictionsTable, name: string, levels: number) =>
  Array.from({ length: all![name]!.length / levels }, (_, row) => [
    ...all![name]!.subarray(levels * row, levels * row + levels),
  ]);

describe('a merged network', () => {
  it('has f + b g + c for its logit (check 2), and is evaluated as it was', async () => {
    const people = preparePeople();
    const source = await train(people, two());
    const config = merged(source.run.id, [-2.5], 1.25);
    const own = await merge(people, config);
    expect(own.end).toMatchObject({ outcome: 'finished', step: 0 });
    const [before, after] = [await tableOf(source), await tableOf(own)];
    expect(Object.keys(after.logits!)).toEqual(['hired']);
    expect(after.context.beside).toBeUndefined();
    const g = logits(before, 'group', 2);
    const f = logits(before, 'hired', 2);
    for (const [row, [zero, logit]] of logits(after, 'hired', 2).entries()) {
      // The predictions have g − 0.5.
      const sum = f[row]![1]! - 2.5 * (g[row]![1]! + 0.5) + 1.25;
      expect(zero).toBe(0);
      expect(Math.abs(logit! - sum)).toBeLessThan(1e-5);
    }
    const { state } = findLastGoodCheckpoint(own.run.paths.checkpoints, own.run.id).checkpoint!;
    expect(state.parameters['read-out/kernel']!.shape).toEqual([8, 1]);
    const { state: former } = findLastGoodCheckpoint(source.run.paths.checkpoints, source.run.id).checkpoint!;
    expect(state.parameters['dense1/kernel']).toEqual(former.parameters['dense1/kernel']);
    expect(readManifest(own.run.paths)!.data).toMatchObject({ origin: { run: source.run.id, step: 20 } });
    const again = await merge(people, config, true);
    expect(await tableOf(again)).toEqual(after);
  });

  it('has a weight for the head of each of three groups', async () => {
    const people = preparePeople({ groups: 3 });
    const source = await train(people, two({ seed: 1 }));
    const own = await merge(people, merged(source.run.id, [1, -2, 0.5], -0.75));
    const [before, after] = [await tableOf(source), await tableOf(own)];
    const g = logits(before, 'group', 3);
    const f = logits(before, 'hired', 2);
    for (const [row, [, logit]] of logits(after, 'hired', 2).entries()) {
      const sum = f[row]![1]! + g[row]![0]! - 2 * g[row]![1]! + 0.5 * g[row]![2]! - 0.75;
      expect(Math.abs(logit! - sum)).toBeLessThan(1e-5);
    }
  });

  it('is made of the averages where the run kept them', async () => {
    const people = preparePeople();
    const training = { ...smallTraining, steps: 20, average: { decay: 0.9 } };
    const source = await train(people, two({ training }));
    const own = await merge(people, merged(source.run.id, [0], 0));
    const difference = logits(await tableOf(own), 'hired', 2).map(([, logit], row) => [row, logit!] as const);
    const f = logits(await tableOf(source), 'hired', 2);
    for (const [row, logit] of difference) expect(logit).toBeCloseTo(f[row]![1]!, 5);
  });

  it('is refused where heads and weights differ in number, or the run is not there', async () => {
    const people = preparePeople();
    const source = await train(people, two({ seed: 2 }));
    await expect(merge(people, merged(source.run.id, [1, 2], 0))).rejects.toMatchObject({
      code: 'E_MERGE_OUTPUTS',
      message: expect.stringContaining(
        "has 2 outputs, and protocol.weights has 2 weights beside the target's",
      ),
    });
    await expect(merge(people, merged('ffffffffff', [1], 0))).rejects.toMatchObject({
      code: 'E_ADAPT_SOURCE',
    });
  });
});
