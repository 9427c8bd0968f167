import { add, mean, type Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTensorFlowTrainer } from '../../engine/compiled/create-trainer.js';
import { createReplicaGroup } from '../../engine/compiled/replicas/replicas.js';
import type { NamedArrays, SharedTrainer, TrainerOptions } from '../../engine/engine.js';
import { softmaxCrossEntropy } from '../../engine/ops/cross-entropy.js';
import { keyInputs, readKey } from '../../engine/ops/random-uniform.js';
import { randomValues } from '../../engine/testing/backends.js';
import { adam } from '../../engine/testing/network.js';
import { startTensorFlowIfThere, tensorFlowWorks } from '../../engine/testing/tensorflow.js';
import { expectSameTraining, type Trained, trainFourSteps } from '../../engine/testing/training.js';
import { createEagerTrainer } from '../../engine/trainer.js';
import { stepKey } from '../../random/step-key.js';
import { initialParameters } from '../initialise.js';
import type { Model } from '../model.js';
import { standardNormal } from './design/design.js';
import { tabulateLinks } from './links/link-table.js';
import { createNac, type NacOptions } from './nac.js';
import { fittedSignatures } from './priors/fit-signatures.js';
import { blockGraphon } from './priors/graphon.js';
import { tinyNac } from './testing/tiny-nac.js';

beforeAll(async () => {
  await startTensorFlowIfThere();
});

const options: NacOptions = {
  ...tinyNac,
  processors: 12,
  readOuts: 3,
  inputs: 'separate',
  inputModules: 5,
  codeNoise: 0.05,
  signatures: fittedSignatures({ kind: 'random', probability: 0.3 }, 0.9),
  layerScale: 0.1,
  dropPath: 0.1,
  pooling: 'gumbel',
  tokenizer: { ...tinyNac.tokenizer, blocks: 1 },
};
const model = createNac(options, { inputs: { image: [16, 16, 3] }, outputs: 3 });
const described = (one: Model, seed: number): TrainerOptions => ({
  parameters: initialParameters(one, seed),
  optimizer: adam,
  loss: (parameters, { image, label }, numbers) =>
    mean(softmaxCrossEntropy(one.apply(parameters, { image: image! }, readKey(numbers)).prediction!, label!)),
});
const batchOf = (step: number): NamedArrays => ({
  image: { shape: [4, 16, 16, 3], data: randomValues(4 * 16 * 16 * 3, step) },
  label: { shape: [4], data: Int32Array.of(0, 1, 2, step % 3) },
});

const train = (trainer: SharedTrainer, seed: number) =>
  trainFourSteps(trainer, (step) => ({
    batch: batchOf(10 * seed + step),
    inputs: { learningRate: 0.01, ...keyInputs(stepKey(seed, step)) },
  }));
const expectSame = (found: Trained, expected: Trained) => expectSameTraining(found, expected, 2e-2);

describe.skipIf(!tensorFlowWorks)('a circuit with all that draws', () => {
  const settings = { compile: 'always', xla: 'off' } as const;

  it('is compiled, and trains as op by op', async () => {
    const eager = await train(createEagerTrainer(described(model, 1)), 1);
    expectSame(await train(createTensorFlowTrainer(described(model, 1), settings), 1), eager);
    expect(eager.losses[0]).not.toBe(eager.losses[1]);
  });

  it('trains as one of several replicas', async () => {
    const group = createReplicaGroup(2, settings, 'stacked');
    const trainers = [1, 2].map((seed) => group.createTrainer(described(model, seed)));
    const together = await Promise.all(trainers.map((trainer, index) => train(trainer, index + 1)));
    for (const [index, found] of together.entries()) {
      expectSame(found, await train(createEagerTrainer(described(model, index + 1)), index + 1));
    }
  });

  it('is drawn into the blocks of its graphon while it learns', async () => {
    const [size, groups] = [12, 3];
    const target = blockGraphon(size, groups, 0.9, 0.05);
    const blocks = createNac(
      {
        ...options,
        signatures: standardNormal,
        regulariser: { graphon: { target, measure: 'squared', weight: 1 } },
      },
      { inputs: { image: [16, 16, 3] }, outputs: 3 },
    );
    const penalty = blocks.penalty!;
    const aids = (parameters: NamedArrays) => penalty.aids!.compute(parameters);
    const { parameters, loss, ...rest } = described(blocks, 5);
    const trainer = createTensorFlowTrainer(
      {
        ...rest,
        parameters: { ...parameters, ...aids(parameters) },
        frozen: Object.keys(aids(parameters)),
        loss: (all, batch, numbers) => add(loss(all, batch, numbers) as Tensor, penalty.loss(all)),
      },
      settings,
    );
    /** Mean P of modules within the blocks that they are assigned to, and between. */
    const partition = () => {
      const found = trainer.read(penalty.parameters);
      const aligned = aids(found)['circuit/propagator1/graphon']!.data;
      const bandwidth = found['circuit/propagator1/bandwidth']!.data[0]!;
      const links = tabulateLinks(found['design/processors/signatures']!, bandwidth, options.links!);
      const mean = (within: boolean) => {
        const own = [...links].filter((_, at) => at % (size + 1) !== 0 && aligned[at]! > 0.5 === within);
        return own.reduce((sum, value) => sum + value, 0) / own.length;
      };
      return mean(true) - mean(false);
    };
    const before = partition();
    for (let step = 0; step < 200; step++) {
      if (step % penalty.aids!.every === 0) trainer.write(aids(trainer.read(penalty.parameters)));
      trainer.step(batchOf(step % 4), { learningRate: 0.01, ...keyInputs(stepKey(5, step)) });
    }
    const after = partition();
    trainer.dispose();
    expect(before).toBeLessThan(0.2);
    expect(after).toBeGreaterThan(0.5);
  });

  it('learns a batch by heart', async () => {
    const still = createNac(
      { ...options, pooling: 'confidence', layerScale: null },
      {
        inputs: { image: [16, 16, 3] },
        outputs: 3,
      },
    );
    const trainer = createTensorFlowTrainer(described(still, 3), settings);
    const losses = Array.from({ length: 150 }, (_, step) =>
      trainer.step(batchOf(0), { learningRate: 0.01, ...keyInputs(stepKey(3, step)) }),
    );
    trainer.dispose();
    expect(losses[0]).toBeGreaterThan(0.8);
    expect(Math.min(...(await Promise.all(losses.slice(-5))))).toBeLessThan(0.1);
  });
});
