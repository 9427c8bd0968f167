import { add, mul, sum, type Tensor, tensor1d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { statelessUniform } from '../../random/philox.js';
import { createTensorFlowTrainer } from '../compiled/create-trainer.js';
import { loadProgram } from '../compiled/graph/program.js';
import { recordPart } from '../compiled/recording/record-part.js';
import { createReplicaGroup } from '../compiled/replicas/replicas.js';
import { loadStacked } from '../compiled/replicas/stacked/rows.js';
import type { NamedArray, SharedTrainer, TrainerOptions } from '../engine.js';
import { runOn } from '../testing/backends.js';
import { array, descent } from '../testing/network.js';
import { startTensorFlowIfThere, tensorFlowWorks } from '../testing/tensorflow.js';
import { createEagerTrainer } from '../trainer.js';
import { keyInputs, randomUniform, readKey } from './random-uniform.js';

beforeAll(async () => {
  await startTensorFlowIfThere();
});

const keys = [
  [1, 2],
  [0, 0],
  [-5, 2 ** 31 - 4],
  [-(2 ** 31), 123456789],
] as const;
const shape = [7, 31];
const salt = 9;
const keyArray = (key: readonly number[]): NamedArray => ({ shape: [2], data: Int32Array.from(key) });
const expected = ([a, b]: readonly [number, number], count = 7 * 31) =>
  statelessUniform(a, (b + salt) | 0, count);

const part = (key: readonly number[], xla = false) => ({
  compute: (_: unknown, batch: Readonly<Record<string, Tensor>>) => ({
    state: {},
    outputs: { value: randomUniform(shape, batch.key!, salt) },
  }),
  state: {},
  batch: { key: keyArray(key) },
  numbers: [{}, {}] as const,
  xla,
});

/** A step whose state sums what it draws. */
const drawing: TrainerOptions = {
  parameters: { w: array([3], 0, 0, 0) },
  optimizer: descent,
  loss: ({ w }, { x }, numbers) => sum(mul(w!, add(randomUniform([3], readKey(numbers), 1), x!))),
};
const batch = { x: array([3], 0, 1, 2) };
const inputs = (seed: number, step: number) => ({
  learningRate: 1,
  ...keyInputs([1000 * seed + step, 7 * step]),
});

async function train(trainer: SharedTrainer, seed: number) {
  for (let step = 0; step < 4; step++) await trainer.step(batch, inputs(seed, step));
  return [...trainer.state().parameters.w!.data];
}

describe.skipIf(!tensorFlowWorks)('randomUniform on tensorflow', () => {
  it('gives the numbers that it has always given', () => {
    const [found] = runOn('tensorflow', () => randomUniform([3], tensor1d([1, 2], 'int32'), 0));
    expect([...found!.data].map((value) => value * 2 ** 23)).toEqual([7080492, 1610993, 8356926]);
  });

  it.each(keys)('has the bits of the other tiers, for the key %i, %i', (...key) => {
    const [found] = runOn('tensorflow', () => randomUniform(shape, tensor1d([...key], 'int32'), salt));
    expect(found!.data).toEqual(expected(key));
  });

  it.each([false, true])('has them compiled, too; with XLA: %s', (xla) => {
    const program = loadProgram(recordPart(part(keys[0], xla)));
    for (const key of keys) expect(program.run({ key: keyArray(key) }).value!.data).toEqual(expected(key));
    program.dispose();
  });

  it('has them stacked, each replica by its own key', () => {
    const placed = keys.map((key) => ({ key: keyArray(key) }));
    const program = loadStacked(
      keys.map((key) => recordPart(part(key))),
      placed,
    );
    const [rows] = program.run([placed.map((own, row) => program.place(row, own, 0, 1))]);
    for (const [row, key] of keys.entries()) expect(rows![row]!.value!.data).toEqual(expected(key));
    program.dispose();
  });

  it('draws anew in every step of a trainer, eager, compiled and among replicas alike', async () => {
    const settings = { compile: 'always', xla: 'off' } as const;
    const eager = await train(createEagerTrainer(drawing), 1);
    expect(await train(createTensorFlowTrainer(drawing, settings), 1)).toEqual(eager);
    const group = createReplicaGroup(2, settings, 'stacked');
    const trainers = [1, 2].map(() => group.createTrainer(drawing));
    const [same, other] = await Promise.all(trainers.map((trainer, index) => train(trainer, index + 1)));
    expect(same).toEqual(eager);
    expect(other).not.toEqual(eager);
  });
});
