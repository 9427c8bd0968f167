import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { createAdam } from '../../../training/optimizers/adam.js';
import { createAdamW } from '../../../training/optimizers/adamw.js';
import { averageParameters } from '../../../training/optimizers/average.js';
import { createSgd } from '../../../training/optimizers/sgd.js';
import { tensorFlow } from '../../backends/tensorflow-backend.js';
import type { NamedArrays, SharedTrainer, TensorMap, TrainerOptions, TrainState } from '../../engine.js';
import { linear } from '../../ops/fused.js';
import { adam, arrays, batchOf, network } from '../../testing/network.js';
import { startTensorFlowIfThere, tensorFlowWorks } from '../../testing/tensorflow.js';
import { createTensorFlowTrainer } from '../create-trainer.js';
import { recordPart } from '../recording/record-part.js';
import { createReplicaGroup } from './replicas.js';
import { isWorthStacking } from './stacked/worth.js';

beforeAll(async () => {
  await startTensorFlowIfThere();
});

const adamConstants = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
const settings = { compile: 'auto', xla: 'off' } as const;
type Shapes = Readonly<Record<string, readonly number[]>>;

/** A model, its batches and the shapes of both. */
interface Task {
  readonly parameters: Shapes;
  readonly batch: Shapes;
  loss(parameters: TensorMap, batch: TensorMap): tf.Tensor;
}

const mlp: Task = {
  parameters: { w1: [12, 16], b1: [16], w2: [16, 16], b2: [16], w3: [16, 3], b3: [3] },
  batch: { x: [10, 12], y: [10, 3] },
  loss: (p, { x, y }) => {
    let h = linear(x!, p.w1!, p.b1!, 'relu');
    h = linear(h, p.w2!, p.b2!, 'relu');
    const logits = tf.logSoftmax(linear(h, p.w3!, p.b3!));
    return tf.neg(tf.mean(tf.sum(tf.mul(logits, tf.softmax(y!)), 1)));
  },
};

const [batch, tokens, width, heads] = [3, 5, 8, 2] as const;
const attention: Task = {
  parameters: {
    scale: [width],
    shift: [width],
    projection: [width, 3 * width],
    output: [width, width],
    expand: [width, 4 * width],
    bias: [4 * width],
    contract: [4 * width, width],
  },
  batch: { x: [batch, tokens, width], y: [batch, tokens, width] },
  loss: (p, { x, y }) => {
    const { mean, variance } = tf.moments(x!, -1, true);
    const normal = tf.mul(tf.sub(x!, mean), tf.rsqrt(tf.add(variance, 1e-5)));
    const h = tf.add(tf.mul(normal, tf.add(p.scale!, 1)), p.shift!);
    const rows = tf.reshape(h, [batch * tokens, width]);
    const parts = tf.split(tf.matMul(rows, p.projection!), 3, 1);
    const [q, k, v] = parts.map((part) =>
      tf.transpose(tf.reshape(part, [batch, tokens, heads, width / heads]), [0, 2, 1, 3]),
    );
    const weights = tf.softmax(tf.mul(tf.matMul(q!, k!, false, true), Math.sqrt(heads / width)));
    const mixed = tf.reshape(tf.transpose(tf.matMul(weights, v!), [0, 2, 1, 3]), [batch * tokens, width]);
    const attended = tf.add(rows, tf.matMul(mixed, p.output!));
    const inner = linear(attended, p.expand!, p.bias!);
    const gelu = tf.mul(inner, tf.mul(tf.add(tf.erf(tf.div(inner, Math.SQRT2)), 1), 0.5));
    const result = tf.reshape(tf.add(attended, tf.matMul(gelu, p.contract!)), [batch, tokens, width]);
    return tf.mean(tf.squaredDifference(result, y!));
  },
};

const optionsOf = ({ parameters, loss }: Task, seed: number, more: Partial<TrainerOptions> = {}) => ({
  parameters: arrays(parameters, 1000 * seed + 1),
  optimizer: adam,
  loss,
  ...more,
});

interface Run {
  readonly seed: number;
  readonly steps: number;
  rate(step: number): number;
}

async function train(trainer: SharedTrainer, shapes: Shapes, { seed, steps, rate }: Run) {
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    losses.push(await trainer.step(arrays(shapes, 77 * seed + step), { learningRate: rate(step) }));
  }
  return { losses, state: trainer.state() };
}

async function trainAlone(task: Task, run: Run, more: Partial<TrainerOptions> = {}) {
  const trainer = createTensorFlowTrainer(optionsOf(task, run.seed, more), settings);
  const result = await train(trainer, task.batch, run);
  trainer.dispose();
  return result;
}

type Result = Awaited<ReturnType<typeof train>>;

/** As many blocks of rows as there are threads. */
async function withThreads<T>(threads: number, run: () => Promise<T>): Promise<T> {
  vi.stubEnv('TF_NUM_INTEROP_THREADS', String(threads));
  try {
    return await run();
  } finally {
    vi.unstubAllEnvs();
  }
}

const flat = ({ parameters, slots }: TrainState): number[] =>
  Object.values({ ...parameters, ...slots } as NamedArrays).flatMap(({ data }) => [...data]);

function expectClose(found: Result, expected: Result): void {
  expect(found.losses).toEqual(expected.losses.map((loss) => expect.closeTo(loss, 5)));
  const values = flat(expected.state);
  const differences = flat(found.state).map((value, index) => Math.abs(value - values[index]!));
  expect(Math.max(...differences)).toBeLessThan(2e-5);
}

const constant = () => 0.01;

describe.skipIf(!tensorFlowWorks)('a stacked group', () => {
  it.each([
    ['MLPs with one learning rate', mlp, () => constant],
    ['MLPs with a learning rate each', mlp, (seed: number) => () => 0.01 / (seed + 1)],
    [
      'MLPs whose learning rates part',
      mlp,
      (seed: number) => (step: number) => (step < 3 ? 0.01 : 0.01 / (seed + 1)),
    ],
    ['attention blocks', attention, (seed: number) => (step: number) => 0.01 / (seed + step + 1)],
  ])('trains %s as they train alone', async (_, task, rateOf) => {
    const runs = [0, 1, 2].map((seed) => ({ seed, steps: 10, rate: rateOf(seed) }));
    const group = createReplicaGroup(3, settings, 'stacked');
    const trainers = runs.map(({ seed }) => group.createTrainer(optionsOf(task, seed)));
    const together = await Promise.all(
      trainers.map((trainer, index) => train(trainer, task.batch, runs[index]!)),
    );
    for (const [index, run] of runs.entries()) expectClose(together[index]!, await trainAlone(task, run));
    for (const trainer of trainers) trainer.dispose();
  });

  it.each([
    ['sgd', createSgd({ momentum: 0, nesterov: false })],
    ['sgd with momentum', createSgd({ momentum: 0.9, nesterov: true })],
    ['adam with decay', createAdam({ ...adamConstants, weight_decay: 0.1, decay_biases: true })],
    ['adamw', createAdamW({ ...adamConstants, weight_decay: 0.1, decay_biases: true })],
    ['an average', averageParameters(createAdam(adamConstants), { decay: 0.9, start: 2 })],
  ])('trains as alone with %s, at one rate and at several', async (_, optimizer) => {
    for (const parted of [false, true]) {
      const runs = [0, 1].map((seed) => ({
        seed,
        steps: 5,
        rate: () => (parted ? 0.01 / (seed + 1) : 0.01),
      }));
      const group = createReplicaGroup(2, settings, 'stacked');
      const trainers = runs.map(({ seed }) => group.createTrainer(optionsOf(mlp, seed, { optimizer })));
      const together = await Promise.all(
        trainers.map((trainer, index) => train(trainer, mlp.batch, runs[index]!)),
      );
      for (const [index, run] of runs.entries()) {
        expectClose(together[index]!, await trainAlone(mlp, run, { optimizer }));
      }
      for (const trainer of trainers) trainer.dispose();
    }
  });

  it('gives each row back as it was left, and takes it up again', async () => {
    const before = tensorFlow().binding.getNumOfSavedModels();
    const group = createReplicaGroup(3, settings, 'stacked');
    const runs = [2, 6, 4].map((steps, seed) => ({ seed, steps, rate: constant }));
    const trainers = runs.map(({ seed }) => group.createTrainer(optionsOf(mlp, seed)));
    const predict = trainers.map((trainer) =>
      trainer.inference((p, { x }) => ({ y: linear(x!, p.w1!, p.b1!, 'relu') })),
    );
    await Promise.all(
      trainers.map(async (trainer, index) => {
        await train(trainer, mlp.batch, runs[index]!);
        group.leave();
      }),
    );
    const input = arrays({ x: [4, 12] }, 9);
    for (const [index, run] of runs.entries()) {
      const trainer = trainers[index]!;
      const alone = await trainAlone(mlp, run);
      expectClose({ losses: alone.losses, state: trainer.state() }, alone);
      const fresh = createTensorFlowTrainer(optionsOf(mlp, run.seed), settings);
      fresh.restore(alone.state);
      const [expected] = Object.values(
        fresh.inference((p, { x }) => ({ y: linear(x!, p.w1!, p.b1!, 'relu') }))(input),
      );
      const found = predict[index]!(input).y!;
      expect([...found.data]).toEqual([...expected!.data].map((value) => expect.closeTo(value, 4)));
      fresh.dispose();
    }
    for (const trainer of trainers) trainer.dispose();
    expect(tensorFlow().binding.getNumOfSavedModels()).toBe(before);
  });

  it('trains in blocks of rows, and in other ones when members leave', () =>
    withThreads(2, async () => {
      const runs = [5, 5, 2, 5, 5, 5, 3, 5, 5].map((steps, seed) => ({ seed, steps, rate: constant }));
      const group = createReplicaGroup(runs.length, settings, 'stacked');
      const trainers = runs.map(({ seed }) => group.createTrainer(optionsOf(mlp, seed)));
      const together = await Promise.all(
        trainers.map(async (trainer, index) => {
          const result = await train(trainer, mlp.batch, runs[index]!);
          trainer.dispose();
          return result;
        }),
      );
      for (const [index, run] of runs.entries()) expectClose(together[index]!, await trainAlone(mlp, run));
    }));

  it('restores one row and leaves the others alone', async () => {
    const group = createReplicaGroup(2, settings, 'stacked');
    const trainers = [0, 1].map((seed) => group.createTrainer(optionsOf(mlp, seed)));
    const run = { steps: 2, rate: constant };
    const [first] = await Promise.all(
      trainers.map((trainer, seed) => train(trainer, mlp.batch, { seed, ...run })),
    );
    await Promise.all(trainers.map((trainer, seed) => train(trainer, mlp.batch, { seed: seed + 5, ...run })));
    const [changed, untouched] = trainers.map((trainer) => flat(trainer.state()));
    trainers[0]!.restore(first!.state);
    expect(flat(trainers[0]!.state())).toEqual(flat(first!.state));
    expect(flat(trainers[0]!.state())).not.toEqual(changed);
    expect(flat(trainers[1]!.state())).toEqual(untouched);
    for (const trainer of trainers) trainer.dispose();
  });

  it.each([mlp, attention, undefined])('keeps NaN in its row, bit for bit', async (task) => {
    const shapes = {
      ...network.parameters,
      kernel: [4, 4, 1, 6],
      bias: [6],
      'read-out': [96, 2],
      offset: [2],
    };
    const options = (seed: number): TrainerOptions =>
      task === undefined
        ? { ...network, parameters: arrays(shapes as Shapes, 1000 * seed) }
        : optionsOf(task, seed);
    const batchFor = (seed: number) => (task === undefined ? batchOf(seed) : arrays(task.batch, seed));
    const states = async (broken: boolean) => {
      const group = createReplicaGroup(3, settings, 'stacked');
      const trainers = [0, 1, 2].map((seed) => group.createTrainer(options(seed)));
      await Promise.all(
        trainers.map(async (trainer, seed) => {
          for (let step = 0; step < 3; step++) {
            const inputs = batchFor(10 * seed + step);
            if (broken && seed === 1) for (const { data } of Object.values(inputs)) data[0] = Number.NaN;
            await trainer.step(inputs, { learningRate: 0.01 / (seed + 1) });
          }
        }),
      );
      const results = trainers.map((trainer) => flat(trainer.state()));
      for (const trainer of trainers) trainer.dispose();
      return results;
    };
    const [sound, broken] = [await states(false), await states(true)];
    expect(broken[1]!.some(Number.isNaN)).toBe(true);
    expect([broken[0], broken[2]]).toEqual([sound[0], sound[2]]);
  });
});

describe.skipIf(!tensorFlowWorks)('a group that cannot be stacked', () => {
  const odd: Task = {
    parameters: { w: [2, 4, 4, 3] },
    batch: { y: [8, 2, 2, 3] },
    loss: (p, { y }) =>
      tf.sum(
        tf.mul(
          tf.spaceToBatchND(
            p.w!,
            [2, 2],
            [
              [0, 0],
              [0, 0],
            ],
          ),
          y!,
        ),
      ),
  };

  it.each([
    ['an op without a rule', odd, odd, /no rule for SpaceToBatchND/],
    ['other shapes', mlp, { ...mlp, batch: { x: [7, 12], y: [7, 3] } }, /different shapes/],
    [
      'other ops',
      mlp,
      { ...mlp, loss: (p: TensorMap, b: TensorMap) => tf.mul(mlp.loss(p, b), 2) },
      /different steps/,
    ],
  ])('says why: %s', async (_, one, other, reason) => {
    const warnings: string[] = [];
    const warn = (message: string) => warnings.push(message);
    const group = createReplicaGroup(2, settings);
    const tasks = [one, other];
    const trainers = tasks.map((task, seed) => group.createTrainer(optionsOf(task, seed, { warn })));
    const runs = [0, 1].map((seed) => ({ seed, steps: 4, rate: constant }));
    const together = await Promise.all(
      trainers.map((trainer, index) => train(trainer, tasks[index]!.batch, runs[index]!)),
    );
    for (const [index, task] of tasks.entries()) {
      expectClose(together[index]!, await trainAlone(task, runs[index]!));
    }
    expect(warnings).toEqual([expect.stringMatching(reason)]);
    for (const trainer of trainers) trainer.dispose();
  });
});

describe.skipIf(!tensorFlowWorks)('stacking', () => {
  const convolve = (size: number) =>
    recordPart({
      compute: (_, { x, y }) => ({
        state: {},
        outputs: { z: tf.conv2d(x as tf.Tensor4D, y as tf.Tensor4D, 1, 'same') },
      }),
      state: {},
      batch: arrays({ x: [1, size, size, 1], y: [3, 3, 1, 8] }, 1),
      numbers: [{}, {}],
      xla: false,
    });

  it('is worth it for small convolutions only', () => {
    expect([8, 128].map((size) => isWorthStacking(convolve(size).recording))).toEqual([true, false]);
  });
});
