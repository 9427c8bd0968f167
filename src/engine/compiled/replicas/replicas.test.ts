import { mul, sum } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { tensorFlow } from '../../backends/tensorflow-backend.js';
import type { NamedArrays, SharedTrainer, TrainerOptions, TrainState } from '../../engine.js';
import { array, arrays, batchOf, descent, network } from '../../testing/network.js';
import { startTensorFlowIfThere, tensorFlowWorks } from '../../testing/tensorflow.js';
import { createTensorFlowTrainer } from '../create-trainer.js';
import { createReplicaGroup } from './replicas.js';

beforeAll(async () => {
  await startTensorFlowIfThere();
});

const settings = { compile: 'auto', xla: 'off' } as const;
const shapes = { kernel: [4, 4, 1, 6], bias: [6], 'read-out': [96, 2], offset: [2] };
const replica = (seed: number): TrainerOptions => ({ ...network, parameters: arrays(shapes, 1000 * seed) });

/** Steps with batches and rates of its own; returns losses and the state. */
async function train(trainer: SharedTrainer, seed: number, steps: number, from = 0) {
  const losses: number[] = [];
  for (let step = from; step < from + steps; step++) {
    losses.push(await trainer.step(batchOf(100 * seed + step), { learningRate: 0.01 / (seed + 1) }));
  }
  return { losses, state: trainer.state() };
}

async function trainAlone(seed: number, steps: number) {
  const trainer = createTensorFlowTrainer(replica(seed), settings);
  const result = await train(trainer, seed, steps);
  trainer.dispose();
  return result;
}

const flat = ({ parameters, slots }: TrainState): number[] =>
  Object.values({ ...parameters, ...slots } as NamedArrays).flatMap(({ data }) => [...data]);

describe.skipIf(!tensorFlowWorks).each(['stacked', 'side by side'] as const)('replicas, %s', (way) => {
  it('have the numbers of runs of their own', async () => {
    const group = createReplicaGroup(3, settings, way);
    const trainers = [0, 1, 2].map((seed) => group.createTrainer(replica(seed)));
    const together = await Promise.all(trainers.map((trainer, seed) => train(trainer, seed, 6)));
    for (const [seed, { losses, state }] of together.entries()) {
      const alone = await trainAlone(seed, 6);
      expect(losses).toEqual(alone.losses.map((loss) => expect.closeTo(loss, 5)));
      const expected = flat(alone.state);
      expect(Math.max(...flat(state).map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThan(1e-6);
    }
    for (const trainer of trainers) trainer.dispose();
  });

  it('go on without those that have left, failed or never came', async () => {
    const before = tensorFlow().binding.getNumOfSavedModels();
    const group = createReplicaGroup(4, settings, way);
    const trainers = [0, 1, 2].map((seed) => group.createTrainer(replica(seed)));
    group.leave();
    const run = async (seed: number, steps: number) => {
      const result = await train(trainers[seed]!, seed, steps);
      trainers[seed]!.dispose();
      return result;
    };
    const [short, , long] = await Promise.all([run(0, 2), run(1, 3), run(2, 5)]);
    expect(short.losses).toHaveLength(2);
    expect(long.losses).toEqual((await trainAlone(2, 5)).losses.map((loss) => expect.closeTo(loss, 5)));
    expect(tensorFlow().binding.getNumOfSavedModels()).toBe(before);
  });

  it('do not touch each other when one of them diverges', async () => {
    const group = createReplicaGroup(2, settings, way);
    const [good, bad] = [group.createTrainer(replica(0)), group.createTrainer(replica(1))];
    const diverging = async () => {
      const batch = batchOf(1);
      batch.target!.data[0] = Number.NaN;
      for (let step = 0; step < 4; step++) await bad!.step(batch, { learningRate: 0.01 });
      return bad!.state();
    };
    const [{ state }, broken] = await Promise.all([train(good!, 0, 4), diverging()]);
    expect(flat(broken).some(Number.isNaN)).toBe(true);
    const expected = flat((await trainAlone(0, 4)).state);
    expect(Math.max(...flat(state).map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThan(1e-6);
    for (const trainer of [good, bad]) trainer!.dispose();
  });

  it('continue from states at different steps', async () => {
    const whole = await trainAlone(0, 5);
    const saved = await trainAlone(0, 3);
    const group = createReplicaGroup(2, settings, way);
    const [continued, fresh] = [group.createTrainer(replica(0)), group.createTrainer(replica(1))];
    continued!.restore(saved.state);
    const [{ state }] = await Promise.all([train(continued!, 0, 2, 3), train(fresh!, 1, 2)]);
    const expected = flat(whole.state);
    expect(Math.max(...flat(state).map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThan(1e-6);
    expect(state.step).toBe(5);
    for (const trainer of [continued, fresh]) trainer!.dispose();
  });

  it('have frozen parameters that are set for each alone', async () => {
    const group = createReplicaGroup(2, settings, way);
    const trainers = [1, 2].map((start) =>
      group.createTrainer({
        parameters: { x: array([1], start), slope: array([1], 1) },
        frozen: ['slope'],
        optimizer: descent,
        loss: ({ x, slope }, { y }) => mul(sum(mul(x!, slope!)), sum(y!)),
      }),
    );
    const run = async (trainer: SharedTrainer, slope: number) => {
      for (let step = 0; step < 3; step++) {
        if (step === slope) trainer.write({ slope: array([1], 10 * slope) });
        await trainer.step({ y: array([1], 1) }, { learningRate: 1 });
      }
      return Object.values(trainer.read(['x', 'slope'])).map(({ data }) => data[0]);
    };
    expect(await Promise.all(trainers.map((trainer, index) => run(trainer, index + 1)))).toEqual([
      [1 - 1 - 10 - 10, 10],
      [2 - 1 - 1 - 20, 20],
    ]);
    for (const trainer of trainers) trainer.dispose();
  });

  it('leave one that cannot be compiled to run op by op', async () => {
    const warnings: string[] = [];
    const group = createReplicaGroup(2, settings, way);
    const good = group.createTrainer(replica(0));
    const reading = group.createTrainer({
      parameters: { x: array([1], 2) },
      optimizer: descent,
      loss: ({ x }, { y }) => mul(sum(x!), y!.dataSync()[0]!),
      warn: (message) => warnings.push(message),
    });
    const read = async () => {
      for (let step = 0; step < 3; step++) await reading.step({ y: array([1], 1) }, { learningRate: 0.5 });
      return reading.state().parameters.x!.data[0];
    };
    const [{ losses }, x] = await Promise.all([train(good, 0, 6), read()]);
    expect([losses.length, x, warnings.length]).toEqual([6, 0.5, 1]);
    for (const trainer of [good, reading]) trainer.dispose();
  });
});
