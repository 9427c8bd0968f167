import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPredictions } from '../evaluation/predictions-file.js';
import { readRecord } from '../evaluation/record.js';
import { findLastGoodCheckpoint } from '../runs/checkpoints/checkpoints.js';
import { readMetrics, withoutTimes } from '../tracking/metrics-log.js';
import { evaluateRun } from './index.js';
import {
  makeResults,
  type RanJob,
  type Results,
  runJob,
  smallConfig,
  smallTraining,
} from './testing/jobs.js';

const folders: Results[] = [];
const newResults = () => {
  const results = makeResults();
  folders.push(results);
  return results;
};
let results: Results;
beforeEach(() => {
  results = newResults();
});
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove();
});

const curves = ({ run }: RanJob) => readMetrics(run.paths.metrics).map(withoutTimes);
const weights = ({ run }: RanJob) => findLastGoodCheckpoint(run.paths.checkpoints, run.id).checkpoint!.state;
const bytes = (job: RanJob) =>
  [
    job.run.paths.predictions,
    job.run.paths.record,
    job.run.paths.split,
    ...['weights', 'optimizer'].map((name) =>
      join(job.run.paths.checkpoints, 'step-000030', `${name}.safetensors`),
    ),
  ].map((path) => readFileSync(path));

describe('the supervised protocol', () => {
  it('trains, follows the learning curves, and scores both sets', async () => {
    const job = await runJob(smallConfig(), results);
    expect(job.end).toEqual({
      outcome: 'finished',
      step: 30,
      training: { seconds: expect.any(Number), units: 30 },
      evaluation: { seconds: expect.any(Number), units: 120 },
    });
    const [weights, biases] = [4096 * 16 + 16 * 8 + 8 * 5, 16 + 8 + 5];
    expect(job.run.manifest()?.model).toEqual({ parameters: weights + biases, multiplyAdds: weights });
    const lines = curves(job);
    const loss = lines.filter(({ kind }) => kind === 'train');
    expect(loss.map(({ step }) => step)).toEqual([4, 8, 12, 16, 20, 24, 28, 30]);
    expect(loss.at(-1)!.loss).toBeLessThan(loss[0]!.loss as number);
    const monitored = lines.filter(({ kind }) => kind === 'monitor');
    expect(monitored).toEqual(
      [15, 30].map((step) => ({
        kind: 'monitor',
        step,
        train_r2: expect.any(Number),
        test_r2: expect.any(Number),
      })),
    );

    const table = await readPredictions(job.run.paths.predictions);
    expect(table.set).toEqual([...Array(50).fill('train'), ...Array(70).fill('test')]);
    expect(table.held.slice(0, 50).every((names) => names === '')).toBe(true);
    expect(table.held.slice(50).every((names) => names !== '')).toBe(true);
    expect(Object.keys(table.predictions)).toEqual(['shape', 'scale', 'orientation', 'x', 'y']);
    expect([...table.targets.shape!]).toEqual(Array.from(table.variables.shape!, (level) => level / 2));
    const record = readRecord(job.run.paths.record)!;
    expect(record.labels).toMatchObject({ model: 'mlp', split: 'extrapolation', seed: '0', backend: 'wasm' });
    expect(record.rows).toContainEqual({
      set: 'test',
      metric: 'r2',
      group: {},
      value: expect.any(Number),
      n: 70,
    });
    expect(job.events[0]).toEqual({ type: 'started', run: job.run.id, backend: 'wasm', resumedFrom: 0 });
    expect(job.events.filter(({ type }) => type === 'checkpoint')).toHaveLength(3);
  });

  const everything = {
    ...smallTraining,
    optimizer: { name: 'adamw', weight_decay: 0.1 },
    schedule: { name: 'cosine', warmup_steps: 12 },
    clip_norm: 1,
    average: { decay: 0.9, start: 5 },
  };
  const smallCircuit = {
    ...{ name: 'nac', processors: 8, read_outs: 2, width: 8, signature_width: 4, layers: 1, heads: 1 },
    ...{ head_width: 8, drop_path: 0.1, tokens: { stem_channels: 4, channels: 8, positions: 4 } },
  };
  const between = { ...smallTraining, checkpoint_every: 8 };
  const planted = { graph: 'planted_partition', groups: 2 };
  it.each<[string, number, object, object?]>([
    ['in training', 10, smallTraining],
    ['after training', 30, smallTraining],
    ['in training with schedule, clipping and averages', 10, everything],
    ['in training with links that are drawn in every step', 10, smallTraining, smallCircuit],
    ['between two assignments of modules to a graphon', 16, between, { ...smallCircuit, prior: planted }],
  ])('interrupted %s and run again, ends with the same bytes', async (_, step, training, model?) => {
    const config = smallConfig({ training, ...(model && { model }) });
    const whole = await runJob(config, newResults());
    const stopped = await runJob(config, results, {
      stopAt: (event) => event.type === 'checkpoint' && event.step === step,
    });
    expect(stopped.end).toMatchObject({ outcome: 'interrupted', step });
    const resumed = await runJob(config, results);
    expect(resumed.end).toMatchObject({ outcome: 'finished', step: 30 });
    expect(resumed.events[0]).toMatchObject({ type: 'started', resumedFrom: step });
    expect(bytes(resumed)).toEqual(bytes(whole));
    expect(curves(resumed)).toEqual(curves(whole));
  });

  it('evaluates averaged parameters, and keeps them beside those that it trains', async () => {
    const [plain, averaged] = [
      await runJob(smallConfig(), results),
      await runJob(smallConfig({ training: { ...smallTraining, average: { decay: 0.9 } } }), results),
    ];
    expect(weights(averaged).parameters).toEqual(weights(plain).parameters);
    const slots = weights(averaged).slots;
    expect(Object.keys(slots)).toContain('dense1/kernel/average');
    const predictions = async ({ run }: RanJob) => (await readPredictions(run.paths.predictions)).predictions;
    expect(await predictions(averaged)).not.toEqual(await predictions(plain));
  });

  it('evaluates anew, without training, when only the evaluation changes', async () => {
    const first = await runJob(smallConfig(), results);
    const before = weights(first);
    const changed = smallConfig({ evaluation: { train_examples: 20, test_examples: 30, metrics: ['mse'] } });
    const second = await runJob(changed, results);
    expect(second.run.id).toBe(first.run.id);
    expect(second.events.map(({ type }) => type)).toEqual(['started']);
    expect(weights(second)).toEqual(before);
    expect(curves(second)).toEqual(curves(first));
    const { rows } = readRecord(second.run.paths.record)!;
    expect(new Set(rows.map(({ metric }) => metric))).toEqual(new Set(['mse']));
    const third = await runJob(smallConfig(), results, { work: evaluateRun });
    expect(bytes(third)).toEqual(bytes(await runJob(smallConfig(), newResults())));
  });

  it('refuses to evaluate what is not trained', async () => {
    await expect(runJob(smallConfig(), results, { work: evaluateRun })).rejects.toMatchObject({
      code: 'E_RUN_NOT_TRAINED',
      exitCode: 1,
    });
  });

  it('trains the same whatever is monitored and evaluated, and differently with another seed', async () => {
    const plain = weights(await runJob(smallConfig(), results));
    const other = smallConfig({
      training: { ...smallTraining, log_every: 1, checkpoint_every: 8, monitor: { every: 3, examples: 33 } },
      evaluation: { train_examples: 10, test_examples: 11, batch_size: 7, seed: 5, metrics: ['mse', 'r2'] },
    });
    expect(weights(await runJob(other, results))).toEqual(plain);
    expect(weights(await runJob(smallConfig({ seed: 1 }), results))).not.toEqual(plain);
  });

  it('predicts the same whatever the size of a batch', async () => {
    const predict = async (batch_size: number) => {
      const evaluation = { train_examples: 20, test_examples: 30, batch_size };
      const { run } = await runJob(smallConfig({ evaluation }), results);
      return Object.values((await readPredictions(run.paths.predictions)).predictions).map((column) => [
        ...column,
      ]);
    };
    const [one, other] = [await predict(7), await predict(64)];
    other.forEach((column, at) => {
      column.forEach((value, row) => {
        expect(value).toBeCloseTo(one[at]![row]!, 5);
      });
    });
  });

  it('drives the loss on one batch to near zero', async () => {
    const config = smallConfig({
      model: { name: 'mlp', widths: [64, 32] },
      training: {
        ...smallTraining,
        steps: 300,
        batch_size: 8,
        log_every: 50,
        checkpoint_every: 300,
        overfit_batch: true,
        optimizer: { name: 'adam', learning_rate: 3e-3 },
      },
    });
    const losses = curves(await runJob(config, results)).flatMap(({ kind, loss }) =>
      kind === 'train' ? [loss as number] : [],
    );
    expect(losses.at(-1)).toBeLessThan(1e-3);
    expect(losses[0]).toBeGreaterThan(0.05);
  });
});
