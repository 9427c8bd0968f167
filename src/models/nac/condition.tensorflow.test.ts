import { mean } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTensorFlowTrainer } from '../../engine/compiled/create-trainer.js';
import { createReplicaGroup } from '../../engine/compiled/replicas/replicas.js';
import type { NamedArrays, SharedTrainer, TrainerOptions } from '../../engine/engine.js';
import { softmaxCrossEntropy } from '../../engine/ops/cross-entropy.js';
import { keyInputs, readKey } from '../../engine/ops/random-uniform.js';
import { randomValues } from '../../engine/testing/backends.js';
import { adam } from '../../engine/testing/network.js';
import { startTensorFlowIfThere, tensorFlowWorks } from '../../engine/testing/tensorflow.js';
import { createEagerTrainer } from '../../engine/trainer.js';
import { stepKey } from '../../random/step-key.js';
import { initialParameters } from '../initialise.js';
import type { Model } from '../model.js';
import { createNac } from './nac.js';
import { fittedSignatures } from './priors/fit-signatures.js';
import { tinyNac } from './testing/tiny-nac.js';

beforeAll(async () => {
  await startTensorFlowIfThere();
});

const create = (condition: 'design' | 'token') =>
  createNac(
    { ...tinyNac, signatures: fittedSignatures({ kind: 'random', probability: 0.3 }, 0.9), condition },
    { inputs: { image: [16, 16, 3], condition: [1, 2] }, outputs: 2 },
  );
const described = (model: Model, seed: number): TrainerOptions => ({
  parameters: initialParameters(model, seed),
  optimizer: adam,
  loss: (parameters, { label, ...inputs }, numbers) =>
    mean(softmaxCrossEntropy(model.apply(parameters, inputs, readKey(numbers)).prediction!, label!)),
});
/** What is right for an image depends on the question alone. */
const batch: NamedArrays = {
  image: { shape: [4, 16, 16, 3], data: randomValues(4 * 16 * 16 * 3, 5) },
  condition: { shape: [4, 1, 2], data: Float32Array.of(1, 0, 0, 1, 1, 0, 0, 1) },
  label: { shape: [4], data: Int32Array.of(0, 1, 0, 1) },
};

async function train(trainer: SharedTrainer, steps: number): Promise<number[]> {
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    losses.push(await trainer.step(batch, { learningRate: 0.01, ...keyInputs(stepKey(1, step)) }));
  }
  trainer.dispose();
  return losses;
}

const settings = { compile: 'always', xla: 'off' } as const;
const close = (losses: readonly number[]) => losses.map((loss) => expect.closeTo(loss, 4));

describe.skipIf(!tensorFlowWorks)('a condition', () => {
  it.each(['design', 'token'] as const)('as %s is compiled, and its question is learnt', async (use) => {
    const model = create(use);
    const eager = await train(createEagerTrainer(described(model, 1)), 4);
    const losses = await train(createTensorFlowTrainer(described(model, 1), settings), 80);
    expect(losses.slice(0, 4)).toEqual(close(eager));
    expect(Math.min(...losses.slice(-5))).toBeLessThan(0.2);
  });

  it.each([
    ['design', 'stacked'],
    ['design', 'side by side'],
    ['token', 'stacked'],
  ] as const)('as %s trains as one of several replicas, %s', async (use, way) => {
    const model = create(use);
    const group = createReplicaGroup(2, settings, way);
    const trainers = [1, 2].map((seed) => group.createTrainer(described(model, seed)));
    const together = await Promise.all(trainers.map((trainer) => train(trainer, 4)));
    for (const [index, losses] of together.entries()) {
      expect(losses).toEqual(close(await train(createEagerTrainer(described(model, index + 1)), 4)));
    }
  });
});
