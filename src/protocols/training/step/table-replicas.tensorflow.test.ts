import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExperimentConfig } from '../../../config/schema/root.js';
import { createTensorFlowTrainer } from '../../../engine/compiled/create-trainer.js';
import { createReplicaGroup } from '../../../engine/compiled/replicas/replicas.js';
import type { SharedTrainer, TrainerOptions, TrainState } from '../../../engine/engine.js';
import { relativeError } from '../../../engine/testing/backends.js';
import { startTensorFlowIfThere, tensorFlowWorks } from '../../../engine/testing/tensorflow.js';
import { loopStart, train } from '../../../training/loop.js';
import { prepareMaterial } from '../../prepare.js';
import { smallConfig, smallTraining } from '../../testing/jobs.js';
import { writeTable } from '../../testing/table.js';
import { createEntrance, describeResident, drawBatches } from '../batches/resident.js';
import { describeStep, exampleInputs, stepNumbers } from './training-step.js';

const folder = mkdtempSync(join(tmpdir(), 'heldout-table-replicas-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(async () => {
  await startTensorFlowIfThere();
  // Where the addon was found: from here on it is where the table is kept.
  process.env.HELDOUT_CACHE = join(folder, 'cache');
});

const settings = { compile: 'always', xla: 'off' } as const;
const steps = 60;
const dataset = writeTable(folder);

/** Other seeds have other splits, so that they standardise otherwise. */
const configure = (seed: number, strength: number) =>
  smallConfig({
    dataset,
    seed,
    split: { rule: 'stratified', shares: { train: 0.6, test: 0.4 }, seed },
    model: { name: 'mlp', widths: [8, 4] },
    objective: { name: 'fair', strength },
    training: { ...smallTraining, stratify: true, steps },
  });

/** Trains in the loop, with the data on the device. */
async function trainWith(
  create: (options: TrainerOptions) => SharedTrainer,
  config: ExperimentConfig,
): Promise<TrainState> {
  const material = await prepareMaterial(config, folder);
  const { model, options } = await describeStep(config, material);
  const trainer = create({ ...options, resident: describeResident(material, config)! });
  const batches = drawBatches(material, config);
  const fed = createEntrance(material, config, false)(batches(0), 0);
  expect(trainer.prepare(fed, exampleInputs(model, config)).resident).toBeGreaterThan(0);
  const enter = createEntrance(material, config, true);
  await train({
    trainer,
    start: loopStart,
    steps,
    logEvery: steps,
    checkpointEvery: 25,
    batch: (step) => enter(batches(step), step),
    learningRate: () => 0.01,
    numbers: (step) => stepNumbers(model, config, step),
    log: () => undefined,
    checkpoint: () => undefined,
    progress: () => undefined,
    signal: new AbortController().signal,
  });
  const state = trainer.state();
  trainer.dispose();
  return state;
}

describe.skipIf(!tensorFlowWorks)('replicas on a table, of several strengths and splits', () => {
  it('train as alone, each on its own people', async () => {
    const configs = [0, 1, 2].flatMap((seed) => [0, 1, 10].map((strength) => configure(seed, strength)));
    const group = createReplicaGroup(configs.length, settings);
    const together = await Promise.all(
      configs.map((config) => trainWith((options) => group.createTrainer(options), config)),
    );
    for (const [index, { parameters, step }] of together.entries()) {
      const alone = await trainWith((options) => createTensorFlowTrainer(options, settings), configs[index]!);
      expect(step).toBe(alone.step);
      for (const [name, values] of Object.entries(alone.parameters)) {
        expect(relativeError(parameters[name] as never, values as never), name).toBeLessThan(1e-4);
      }
    }
  });
});
