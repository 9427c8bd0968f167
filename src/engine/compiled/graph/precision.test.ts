import { add, mul, sum, type Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { DataType } from '../../backends/tensorflow-backend.js';
import type { NamedArrays, Trainer, TrainerOptions } from '../../engine.js';
import { convolution, linear } from '../../ops/fused.js';
import { groupNorm } from '../../ops/norms/group-norm.js';
import { layerNorm } from '../../ops/norms/layer-norm.js';
import { relativeError } from '../../testing/backends.js';
import { array, arrays, batchOf, descent, network } from '../../testing/network.js';
import { startTensorFlowIfThere, tensorFlowWorks } from '../../testing/tensorflow.js';
import { createTensorFlowTrainer } from '../create-trainer.js';
import { createReplicaGroup } from '../replicas/replicas.js';
import { recordStep } from '../step-program.js';
import { createTrainerCore } from '../trainer.js';
import { type LowPrecision, lowerPart } from './precision.js';

beforeAll(async () => {
  await startTensorFlowIfThere();
});

const inputs = { learningRate: 0.01 };
const settings = (precision?: LowPrecision) => ({ compile: 'always', xla: 'off', precision }) as const;
const trainerOf = (options: TrainerOptions, precision?: LowPrecision) =>
  createTensorFlowTrainer(options, settings(precision));

function train(trainer: Trainer, from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, step) => trainer.step(batchOf((from + step) % 3), inputs));
}

function expectClose(found: NamedArrays, expected: NamedArrays, tolerance: number): void {
  expect(Object.keys(found)).toEqual(Object.keys(expected));
  for (const [name, want] of Object.entries(expected)) {
    const error = relativeError(found[name] as never, want as never);
    expect({ name, error: error < tolerance ? 0 : error }).toEqual({ name, error: 0 });
  }
}

/** Convolutions, norms, which sum by products, and linear layers. */
const normed: TrainerOptions = {
  ...network,
  parameters: {
    ...network.parameters,
    ...arrays({ kernel2: [3, 3, 6, 6], bias2: [6] }, 7),
    scale: array([6], 1, 1, 1, 1, 1, 1),
    shift: array([6], 0, 0, 0, 0, 0, 0),
    scale2: array([6], 1, 1, 1, 1, 1, 1),
    shift2: array([6], 0, 0, 0, 0, 0, 0),
  },
  loss: (p, { image, target }) => {
    const h = convolution(image!, p.kernel!, p.bias!, { stride: 2, padding: 'same', activation: 'relu' });
    const g = convolution(h, p.kernel2!, p.bias2!, { stride: 1, padding: 'same', activation: 'relu' });
    const normal = groupNorm(g, p.scale!, p.shift!, { groups: 2, epsilon: 1e-5 });
    const again = layerNorm(add(h, normal), p.scale2!, p.shift2!, 1e-5);
    const outputs = linear(again.reshape([-1, 96]), p['read-out']!, p.offset!);
    return sum(outputs.squaredDifference(target!));
  },
};

describe.skipIf(!tensorFlowWorks)('a step in low precision', () => {
  it.each(['bfloat16', 'float16'] as const)('has casts around products only, in %s', (precision) => {
    const opsOf = (options: TrainerOptions) => {
      const state = createTrainerCore(options, { xla: false }).fetch();
      const now = { state, updates: 0, batch: batchOf(0), inputs, precision };
      const { ops } = lowerPart(recordStep(options, now).part).recording;
      return ops.filter(({ types }) => types[0] === DataType[precision]);
    };
    // On a CPU the gradient of bias and ReLU is an op of our own, in float32.
    const low = [...opsOf(network), ...opsOf(normed)].filter(({ op }) => op !== 'Cast');
    expect(new Set(low.map(({ op }) => op))).toEqual(
      new Set([
        ...['Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter', 'MatMul'],
        ...['BiasAdd', 'Relu', 'Reshape'],
      ]),
    );
    // Rounded once, whoever takes it.
    const casts = opsOf(normed).filter(({ op }) => op === 'Cast');
    expect(new Set(casts.map(({ inputs: [source] }) => JSON.stringify(source))).size).toBe(casts.length);
  });

  it.each([
    ['bfloat16', 1e-2, 3e-2],
    ['float16', 1e-3, 5e-3],
  ] as const)(
    'computes loss and gradients of float32 to its rounding, in %s',
    (precision, close, tolerance) => {
      for (const loss of [network.loss, normed.loss]) {
        const options = { ...normed, loss, optimizer: descent };
        const used = loss === network.loss ? { ...options, parameters: network.parameters } : options;
        const trainers = [trainerOf(used), trainerOf(used, precision)] as const;
        if (precision === 'float16') setScale(trainers[1], 2 ** 8);
        const losses = trainers.map((trainer) => trainer.step(batchOf(0), { learningRate: 1 }));
        expect(Math.abs(losses[1]! / losses[0]! - 1)).toBeLessThan(close);
        const gradients = trainers.map((trainer) => difference(used.parameters, trainer.state().parameters));
        expectClose(gradients[1]!, gradients[0]!, tolerance);
        for (const trainer of trainers) trainer.dispose();
      }
    },
  );

  it.each(['bfloat16', 'float16'] as const)('trains as well, in %s, and evaluates', (precision) => {
    const trainers = [trainerOf(network), trainerOf(network, precision)] as const;
    const [expected, found] = trainers.map((trainer) => train(trainer, 0, 90));
    // Steps that overflow at first put float16 back a little.
    expect(sumOf(found!.slice(0, 60)) / sumOf(expected!.slice(0, 60))).toBeCloseTo(1, 0);
    for (const losses of [expected!, found!]) {
      expect(sumOf(losses.slice(-3))).toBeLessThan(sumOf(losses.slice(0, 3)) / 20);
    }
    const apply = (p: Parameters<TrainerOptions['loss']>[0], { image }: typeof p) => ({
      h: linear(image!.reshape([5, 64]), p['read-out']!.slice([0, 0], [64, 2]), p.offset!),
    });
    const outputs = trainers.map((trainer) => trainer.inference(apply)({ image: batchOf(0).image! }));
    expect(relativeError(outputs[1]!.h as never, outputs[0]!.h as never)).toBeLessThan(0.1);
    for (const trainer of trainers) trainer.dispose();
  });

  it.each(['bfloat16', 'float16'] as const)('goes on to the bit from a saved state, in %s', (precision) => {
    const whole = trainerOf(network, precision);
    const losses = train(whole, 0, 8);
    const begun = trainerOf(network, precision);
    train(begun, 0, 3);
    const later = trainerOf(network, precision);
    later.restore(begun.state());
    expect(train(later, 3, 8)).toEqual(losses.slice(3));
    expect(later.state()).toEqual(whole.state());
    for (const trainer of [whole, begun, later]) trainer.dispose();
  });

  it.each(['bfloat16', 'float16'] as const)('trains replicas as alone, in %s', async (precision) => {
    const alone = [1, 2].map((seed) => {
      const trainer = trainerOf({ ...network, parameters: shiftAll(network.parameters, seed) }, precision);
      const losses = train(trainer, 0, 4);
      const { parameters } = trainer.state();
      trainer.dispose();
      return { losses, parameters };
    });
    for (const way of ['stacked', 'side by side'] as const) {
      const group = createReplicaGroup(2, settings(precision), way);
      const members = [1, 2].map((seed) =>
        group.createTrainer({ ...network, parameters: shiftAll(network.parameters, seed) }),
      );
      const all = await Promise.all(
        members.map(async (member) => {
          const losses: number[] = [];
          for (let step = 0; step < 4; step++) losses.push(await member.step(batchOf(step % 3), inputs));
          return losses;
        }),
      );
      for (const [index, { losses, parameters }] of alone.entries()) {
        for (const [step, loss] of losses.entries()) expect(all[index]![step]! / loss).toBeCloseTo(1, 2);
        expectClose(members[index]!.state().parameters, parameters, 1e-2);
      }
      for (const member of members) member.dispose();
    }
  });

  it('refuses what cannot be compiled, and names what to type', () => {
    const trainer = trainerOf(
      { ...network, loss: (p, batch, all) => mul(network.loss(p, batch, all) as Tensor, Math.random()) },
      'bfloat16',
    );
    expect(() => trainer.prepare(batchOf(0), inputs)).toThrow(
      expect.objectContaining({
        code: 'E_ENGINE_COMPILE',
        place: 'engine.precision=bfloat16',
        hints: expect.arrayContaining([expect.stringContaining('engine.precision=float32')]),
      }),
    );
    trainer.dispose();
  });
});

describe.skipIf(!tensorFlowWorks)('float16', () => {
  /** The gradient of a is `slope`, by a product whose own gradient is low. */
  const slope: TrainerOptions = {
    parameters: { a: array([2, 2], 1, 2, 3, 4) },
    optimizer: descent,
    loss: (p, { x }) => sum(linear(x!, p.a!, undefined)),
  };
  const x = (value: number) => ({ x: array([2, 2], value, value, value, value) });
  const scaling = (trainer: Trainer) => {
    const { slots } = trainer.state();
    return [slots['loss_scaling/scale']!.data[0], slots['loss_scaling/good_steps']!.data[0]];
  };

  it('leaves out a step whose gradients overflow, and halves the scale', () => {
    const trainer = trainerOf(slope, 'float16');
    expect(scaling(trainer)).toEqual([2 ** 16, 0]);
    // 2 · 2^15 is more than float16 holds.
    expect(trainer.step(x(1), inputs)).toBe(20);
    expect(trainer.state().parameters.a!.data).toEqual(Float32Array.of(1, 2, 3, 4));
    expect(scaling(trainer)).toEqual([2 ** 15, 0]);
    trainer.step(x(0.5), inputs);
    expect(trainer.state().parameters.a!.data[0]).toBeCloseTo(1 - 0.01, 6);
    expect(scaling(trainer)).toEqual([2 ** 15, 1]);
    trainer.dispose();
  });

  it('doubles the scale after 2000 good steps, also across a saved state', () => {
    const trainer = trainerOf({ ...slope, steps: 2000 }, 'float16');
    const { parameters, slots } = trainer.state();
    const at = (goodSteps: number) => ({
      parameters,
      slots: {
        ...slots,
        'loss_scaling/scale': array([], 4),
        'loss_scaling/good_steps': array([], goodSteps),
      },
      step: 1998,
    });
    trainer.restore(at(1998));
    trainer.step(x(0.5), inputs);
    expect(scaling(trainer)).toEqual([4, 1999]);
    trainer.step(x(0.5), inputs);
    expect(scaling(trainer)).toEqual([8, 0]);
    trainer.dispose();
  });

  it('keeps gradients that float16 alone would lose', () => {
    const small: TrainerOptions = { ...slope, loss: (...all) => mul(slope.loss(...all) as Tensor, 1e-9) };
    const trainer = trainerOf(small, 'float16');
    trainer.step(x(0.5), { learningRate: 1e9 });
    expect(trainer.state().parameters.a!.data[0]).toBeCloseTo(0, 2);
    trainer.dispose();
  });

  it('takes up a state of float32, and float32 one of float16', () => {
    const [low, plain] = [trainerOf(network, 'float16'), trainerOf(network)];
    train(plain, 0, 2);
    low.restore(plain.state());
    expect(scaling(low)).toEqual([2 ** 16, 0]);
    train(low, 2, 3);
    plain.restore(low.state());
    expect(plain.state().parameters).toEqual(low.state().parameters);
    for (const trainer of [low, plain]) trainer.dispose();
  });
});

function setScale(trainer: Trainer, scale: number): void {
  const state = trainer.state();
  trainer.restore({ ...state, slots: { ...state.slots, 'loss_scaling/scale': array([], scale) } });
}

function difference(from: NamedArrays, to: NamedArrays): NamedArrays {
  return Object.fromEntries(
    Object.entries(from).map(([name, { shape, data }]) => [
      name,
      { shape, data: Float32Array.from(data, (value, index) => value - to[name]!.data[index]!) },
    ]),
  );
}

function shiftAll(all: NamedArrays, seed: number): NamedArrays {
  return Object.fromEntries(
    Object.entries(all).map(([name, { shape, data }]) => [
      name,
      { shape, data: Float32Array.from(data, (value) => value + seed / 100) },
    ]),
  );
}

function sumOf(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
