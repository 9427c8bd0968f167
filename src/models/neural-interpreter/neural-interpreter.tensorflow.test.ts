import { mean } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTensorFlowTrainer } from '../../engine/compiled/create-trainer.js';
import { createReplicaGroup } from '../../engine/compiled/replicas/replicas.js';
import type { NamedArrays, SharedTrainer, TrainerOptions } from '../../engine/engine.js';
import { softmaxCrossEntropy } from '../../engine/ops/cross-entropy.js';
import { randomValues } from '../../engine/testing/backends.js';
import { adam } from '../../engine/testing/network.js';
import { startTensorFlowIfThere, tensorFlowWorks } from '../../engine/testing/tensorflow.js';
import { expectSameTraining, type Trained, trainFourSteps } from '../../engine/testing/training.js';
import { createEagerTrainer } from '../../engine/trainer.js';
import { initialParameters } from '../initialise.js';
import { createNeuralInterpreter, type NeuralInterpreterOptions } from './neural-interpreter.js';
import { checkInterpreter } from './testing/check-interpreter.js';

beforeAll(async () => {
  await startTensorFlowIfThere();
});

const options: NeuralInterpreterOptions = {
  width: 16,
  codes: 8,
  typeWidth: 6,
  functions: 3,
  lines: 2,
  iterations: 2,
  scripts: 2,
  heads: 2,
  headWidth: 8,
  expansion: 1,
  patch: 4,
  classTokens: 'shared',
  positions: 'relative',
  matching: { truncation: 1.1, straightThrough: true, learnBandwidth: true },
  trainSignatures: false,
};
const model = createNeuralInterpreter(options, { inputs: { image: [12, 16, 3] }, outputs: 3 });
const described = (seed: number): TrainerOptions => ({
  parameters: initialParameters(model, seed),
  frozen: ['script1/functions/signatures', 'script2/functions/signatures'],
  optimizer: adam,
  loss: (parameters, { image, label }) =>
    mean(softmaxCrossEntropy(model.apply(parameters, { image: image! }).prediction!, label!)),
});
const batchOf = (step: number): NamedArrays => ({
  image: { shape: [4, 12, 16, 3], data: randomValues(4 * 12 * 16 * 3, step) },
  label: { shape: [4], data: Int32Array.of(0, 1, 2, step % 3) },
});

const train = (trainer: SharedTrainer, seed: number) =>
  trainFourSteps(trainer, (step) => ({
    batch: batchOf(10 * seed + step),
    inputs: { learningRate: 0.003 },
  }));
const expectSame = (found: Trained, expected: Trained) => expectSameTraining(found, expected, 5e-2);

describe.skipIf(!tensorFlowWorks)('an interpreter on tensorflow', () => {
  const settings = { compile: 'always', xla: 'off' } as const;
  checkInterpreter('tensorflow');

  it('is compiled, and trains as op by op; fixed signatures stay', async () => {
    const eager = await train(createEagerTrainer(described(1)), 1);
    const compiled = await train(createTensorFlowTrainer(described(1), settings), 1);
    expectSame(compiled, eager);
    const signatures = 'script1/functions/signatures';
    expect(compiled.parameters[signatures]!.data).toEqual(initialParameters(model, 1)[signatures]!.data);
  });

  it('trains as one of several replicas', async () => {
    const group = createReplicaGroup(2, settings, 'stacked');
    const trainers = [1, 2].map((seed) => group.createTrainer(described(seed)));
    const together = await Promise.all(trainers.map((trainer, index) => train(trainer, index + 1)));
    for (const [index, found] of together.entries()) {
      expectSame(found, await train(createEagerTrainer(described(index + 1)), index + 1));
    }
  });

  it('learns a batch by heart', () => {
    const trainer = createTensorFlowTrainer(described(3), settings);
    const losses = Array.from({ length: 120 }, () => trainer.step(batchOf(0), { learningRate: 0.003 }));
    trainer.dispose();
    expect(losses[0]).toBeGreaterThan(0.8);
    expect(Math.min(...losses.slice(-5))).toBeLessThan(0.1);
  });
});
