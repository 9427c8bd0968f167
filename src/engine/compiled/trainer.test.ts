import {
  add,
  gather,
  mean,
  mul,
  randomUniform,
  scalar,
  square,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { tensorFlow } from '../backends/tensorflow-backend.js';
import type { NamedArrays, Optimizer, Trainer, TrainerOptions } from '../engine.js';
import { convolution } from '../ops/fused.js';
import { relativeError } from '../testing/backends.js';
import { array, arrays, batchOf, descent, network } from '../testing/network.js';
import { startTensorFlowIfThere, tensorFlowWorks } from '../testing/tensorflow.js';
import { createEagerTrainer } from '../trainer.js';
import { createCompiledTrainer } from './trainer.js';

beforeAll(async () => {
  await startTensorFlowIfThere();
});

const learningRate = 0.01;
const compiled = (options: TrainerOptions) => createCompiledTrainer(options, { xla: 'off' });

function train(trainer: Trainer, steps: number) {
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    losses.push(trainer.step(batchOf(step % 3), { learningRate: learningRate / (1 + step) }));
  }
  return { losses, state: trainer.state() };
}

function expectClose(found: NamedArrays, expected: NamedArrays, tolerance: number): void {
  expect(Object.keys(found)).toEqual(Object.keys(expected));
  for (const [name, { shape, data }] of Object.entries(expected)) {
    const values = (array: NamedArrays[string]) => ({ shape, data: Float32Array.from(array.data) });
    const error = relativeError(values(found[name]!), { shape, data: Float32Array.from(data) });
    expect({ name, error: error < tolerance ? 0 : error }).toEqual({ name, error: 0 });
  }
}

describe.skipIf(!tensorFlowWorks)('a compiled step', () => {
  it('trains as an eager one does', () => {
    const eager = createEagerTrainer(network);
    const expected = train(eager, 12);
    const trainer = compiled(network);
    const found = train(trainer, 12);
    expectClose(found.state.parameters, expected.state.parameters, 1e-5);
    expectClose(found.state.slots, expected.state.slots, 1e-4);
    for (const [index, loss] of expected.losses.entries())
      expect(found.losses[index]! / loss).toBeCloseTo(1, 5);
    eager.dispose();
    trainer.dispose();
  });

  it('repeats its own bits, in one go or continued from a saved state', () => {
    const [first, second] = [compiled(network), compiled(network)];
    const whole = train(first, 9);
    expect(train(second, 9)).toEqual(whole);
    const begun = compiled(network);
    train(begun, 3);
    const saved = begun.state();
    const later = compiled(network);
    later.restore(saved);
    for (let step = 3; step < 9; step++) {
      later.step(batchOf(step % 3), { learningRate: learningRate / (1 + step) });
    }
    expect(later.state()).toEqual(whole.state);
    for (const trainer of [first, second, begun, later]) trainer.dispose();
  });

  it('takes up a state in the middle, and eager steps take up its state', () => {
    const trainer = compiled(network);
    train(trainer, 2);
    const saved = trainer.state();
    train(trainer, 3);
    trainer.restore(saved);
    expect(trainer.state()).toEqual(saved);
    const eager = createEagerTrainer(network);
    eager.restore(saved);
    trainer.step(batchOf(0), { learningRate });
    eager.step(batchOf(0), { learningRate });
    expectClose(trainer.state().parameters, eager.state().parameters, 1e-5);
    trainer.dispose();
    eager.dispose();
  });

  it('takes numbers of the loss as inputs', () => {
    const trainer = compiled({
      parameters: { x: array([2], 1, 2) },
      optimizer: descent,
      loss: ({ x }, { centre }, { weight }) => mul(sum(square(sub(x!, centre!))), weight!),
    });
    const batch = { centre: array([2], 0, 1) };
    expect(trainer.step(batch, { learningRate: 0.25, weight: 1 })).toBe(2);
    expect(trainer.step(batch, { learningRate: 0, weight: 4 })).toBe(2);
    expect([...trainer.state().parameters.x!.data]).toEqual([0.5, 1.5]);
    trainer.dispose();
  });

  it('leaves frozen parameters alone but for their statistics', () => {
    const options: TrainerOptions = {
      parameters: { x: array([1], 1), fixed: array([1], 3), average: array([1], 0) },
      frozen: ['fixed', 'average'],
      optimizer: descent,
      loss: ({ x, fixed, average }, { value }) => ({
        loss: mul(sum(mul(x!, fixed!)), mean(value!)),
        statistics: { average: add(mul(average!, 0.5), mul(mean(value!), 0.5)) },
      }),
    };
    for (const trainer of [compiled(options), createEagerTrainer(options)]) {
      trainer.step({ value: array([2], 1, 3) }, { learningRate: 0.1 });
      trainer.step({ value: array([2], 2, 2) }, { learningRate: 0.1 });
      const { parameters, slots } = trainer.state();
      expect(
        Object.fromEntries(Object.entries(parameters).map(([name, { data }]) => [name, data[0]])),
      ).toEqual({
        x: expect.closeTo(1 - 0.1 * 6 - 0.1 * 6, 6),
        fixed: 3,
        average: 1.5,
      });
      expect(slots).toEqual({});
      trainer.write({ fixed: array([1], 5) });
      trainer.step({ value: array([2], 2, 2) }, { learningRate: 0.1 });
      expect(Object.values(trainer.read(['fixed', 'x'])).map(({ data }) => data[0])).toEqual([
        5,
        expect.closeTo(1 - 0.1 * 22, 6),
      ]);
      trainer.dispose();
    }
    expect(() => compiled({ ...options, frozen: ['fxed'] })).toThrow('there is no parameter fxed to freeze');
  });

  it('lets the optimiser change all gradients together', () => {
    const clipped: Optimizer = {
      ...descent,
      transform: ({ x, y }) => ({ x: mul(x!, 0), y: mul(y!, 2) }),
    };
    const trainer = compiled({
      parameters: { x: array([1], 1), y: array([1], 1) },
      optimizer: clipped,
      loss: ({ x, y }) => sum(add(x!, y!)),
    });
    trainer.step({}, { learningRate: 0.25 });
    const { x, y } = trainer.state().parameters;
    expect([...x!.data, ...y!.data]).toEqual([1, 0.5]);
    trainer.dispose();
  });

  it('gives what eager inference gives, with the parameters of the moment', () => {
    const apply = (p: Readonly<Record<string, Tensor>>, { image }: Readonly<Record<string, Tensor>>) => ({
      h: convolution(image!, p.kernel!, p.bias!, { stride: 2, padding: 'same', activation: 'relu' }),
      bias: p.bias!,
    });
    const [trainer, eager] = [compiled(network), createEagerTrainer(network)];
    const [run, expected] = [trainer.inference(apply), eager.inference(apply)];
    for (let round = 0; round < 3; round++) {
      expectClose(run(batchOf(round)), expected(batchOf(round)), 1e-5);
      trainer.step(batchOf(0), { learningRate });
      eager.restore(trainer.state());
    }
    const saved = eager.state();
    trainer.restore({
      ...saved,
      parameters: arrays({ kernel: [4, 4, 1, 6], bias: [6], 'read-out': [96, 2], offset: [2] }, 50),
    });
    expect(run(batchOf(0)).bias!.data).toEqual(trainer.state().parameters.bias!.data);
    trainer.dispose();
    eager.dispose();
  });

  it('looks up rows by indices of the batch, and refuses those out of range', () => {
    const trainer = compiled({
      parameters: { table: array([3, 1], 1, 2, 3) },
      optimizer: descent,
      loss: ({ table }, { rows }) => sum(gather(table!, rows!)),
    });
    const rows = (...values: number[]) => ({ rows: { shape: [2], data: Int32Array.from(values) } });
    expect(trainer.step(rows(0, 2), { learningRate: 1 })).toBe(4);
    expect(trainer.step(rows(2, 2), { learningRate: 1 })).toBe(4);
    expect([...trainer.state().parameters.table!.data]).toEqual([0, 2, 0]);
    expect(() => trainer.step(rows(0, 3), { learningRate: 1 })).toThrow(
      /= 3 is (not in|out of range) \[0, 3\)/,
    );
    trainer.dispose();
  });

  it('refuses batches of another shape', () => {
    const trainer = compiled(network);
    trainer.step(batchOf(0), { learningRate });
    const smaller = arrays({ image: [3, 8, 8, 1], target: [3, 2] }, 1);
    expect(() => trainer.step(smaller, { learningRate })).toThrow(
      'image [5, 8, 8, 1], target [5, 2] became image [3, 8, 8, 1], target [3, 2]',
    );
    trainer.dispose();
  });

  it('frees all that it made', () => {
    const { binding } = tensorFlow();
    const before = [binding.getNumOfTensors(), binding.getNumOfSavedModels()];
    for (let round = 0; round < 3; round++) {
      const trainer = compiled(network);
      train(trainer, 3);
      trainer.inference(() => ({ one: scalar(1) }))({});
      trainer.dispose();
    }
    expect([binding.getNumOfTensors(), binding.getNumOfSavedModels()]).toEqual(before);
  });
});

describe.skipIf(!tensorFlowWorks)('what a graph would freeze is refused, by name and place', () => {
  let calls = 0;
  const refusal = (loss: TrainerOptions['loss']) => {
    const trainer = compiled({ parameters: { x: array([2], 1, 2) }, optimizer: descent, loss });
    try {
      trainer.step({ y: array([2], 3, 4) }, { learningRate: 0.1 });
      return 'nothing';
    } catch (error) {
      return (error as Error).message;
    } finally {
      trainer.dispose();
    }
  };

  it('random numbers', () => {
    expect(refusal(({ x }) => sum(mul(x!, randomUniform([2]))))).toMatch(
      /^Mul takes a value that JavaScript computes anew in every step \(input \d\), at src\/engine\/compiled\/trainer\.test\.ts:\d+:\d+$/,
    );
  });

  it('a schedule in JavaScript', () => {
    expect(refusal(({ x }) => mul(sum(x!), ++calls))).toMatch(
      /^Mul takes a value .* at src\/engine\/compiled\//,
    );
  });

  it('a branch on data', () => {
    const branch: TrainerOptions['loss'] = ({ x }, { y }) =>
      y!.dataSync()[0]! > 3 ? sum(x!) : sum(square(x!));
    expect(refusal(branch)).toMatch(
      /^the input y is read by JavaScript, at src\/engine\/compiled\/trainer\.test/,
    );
    const onResult: TrainerOptions['loss'] = ({ x }) => (square(x!).dataSync()[0]! > 3 ? sum(x!) : mean(x!));
    expect(refusal(onResult)).toMatch(/^the result of Square is read by JavaScript/);
  });

  it('other ops from call to call', () => {
    expect(refusal(({ x }) => (++calls % 2 === 0 ? sum(x!) : sum(square(x!))))).toMatch(
      /^the ops depend on numbers: (Sum|Square) at one time, (Sum|Square) at another/,
    );
  });
});
