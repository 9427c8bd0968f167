import { add, mean, reshape, type Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TensorMap, TrainerOptions } from '../../engine.js';
import { convolution, linear } from '../../ops/fused.js';
import { groupNorm } from '../../ops/norms/group-norm.js';
import { layerNorm } from '../../ops/norms/layer-norm.js';
import { arrays, descent } from '../../testing/network.js';
import { startTensorFlowIfThere, tensorFlowWorks } from '../../testing/tensorflow.js';
import { createEagerTrainer } from '../../trainer.js';
import { createTensorFlowTrainer } from '../create-trainer.js';
import { recordStep } from '../step-program.js';
import { createTrainerCore } from '../trainer.js';
import { fusePart } from './fuse.js';

beforeAll(async () => {
  await startTensorFlowIfThere();
});

const shapes = {
  kernel: [3, 3, 2, 8],
  bias: [8],
  'group/scale': [8],
  'group/shift': [8],
  'layer/scale': [8],
  'layer/shift': [8],
  dense: [8, 8],
  'dense/bias': [8],
};

/** Convolution, ReLU and group norm, then a residual block with layer norm. */
function apply(p: TensorMap, image: Tensor): Tensor {
  const options = { stride: 1, padding: 'same', activation: 'relu' } as const;
  const h = convolution(image, p.kernel!, p.bias!, options);
  const normed = groupNorm(h, p['group/scale']!, p['group/shift']!, { groups: 4, epsilon: 1e-5 });
  const rows = reshape(normed, [-1, 8]);
  const inner = layerNorm(rows, p['layer/scale']!, p['layer/shift']!, 1e-5);
  return add(rows, linear(inner, p.dense!, p['dense/bias']!, 'relu'));
}

const options: TrainerOptions = {
  parameters: arrays(shapes, 3),
  optimizer: descent,
  loss: (parameters, { image }) => {
    const y = apply(parameters, image!);
    return mean(y.square().sub(y.mul(0.3)));
  },
};
const batch = arrays({ image: [4, 6, 6, 2] }, 9);
const inputs = { learningRate: 0.05 };

describe.skipIf(!tensorFlowWorks)('gradients that are fused with what follows', () => {
  const record = () => {
    const state = createTrainerCore(options, { xla: false }).fetch();
    return recordStep(options, { state, updates: 0, batch, inputs }).part;
  };

  it('take the place of the ops that they do', () => {
    const part = record();
    const before = part.recording.ops.map(({ op }) => op);
    const after = fusePart(part).recording.ops.map(({ op }) => op);
    const changed = after.filter((op, index) => op !== before[index]);
    expect(changed.sort()).toEqual(['HeldoutGroupNormReluGrad', 'HeldoutLayerNormAddedGrad']);
  });

  it('are left alone where another op needs what is between', () => {
    const { recording, ...rest } = record();
    const norms = recording.ops.flatMap(({ op }, index) =>
      /HeldoutGroupNormGrad|HeldoutLayerNormGrad/.test(op) ? [index] : [],
    );
    const outputs = Object.fromEntries(
      norms.map((index) => [`dx${index}`, { kind: 'op', index, output: 0 } as const]),
    );
    const shown = { ...recording, outputs: { ...recording.outputs, ...outputs } };
    expect(fusePart({ ...rest, recording: shown }).recording).toBe(shown);
  });

  it('train as op by op', () => {
    const trainers = [
      createTensorFlowTrainer(options, { compile: 'always', xla: 'off' }),
      createEagerTrainer(options),
    ];
    for (let step = 0; step < 3; step++) {
      const [compiled, eager] = trainers.map((trainer) => trainer.step(batch, inputs));
      expect(compiled!).toBeCloseTo(eager!, 5);
    }
    const [compiled, eager] = trainers.map((trainer) => trainer.state().parameters);
    for (const [name, { data }] of Object.entries(eager!)) {
      for (const [index, value] of data.entries()) {
        expect(compiled![name]!.data[index], `${name} ${index}`).toBeCloseTo(value, 5);
      }
    }
    for (const trainer of trainers) trainer.dispose();
  });
});
