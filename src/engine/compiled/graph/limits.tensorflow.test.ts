import { add, mul, sum, type Tensor, tensor1d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TrainerOptions } from '../../engine.js';
import { batchOf, network } from '../../testing/network.js';
import { startTensorFlowIfThere, tensorFlowWorks } from '../../testing/tensorflow.js';
import { joinState, recordStep } from '../step-program.js';
import { createCompiledTrainer } from '../trainer.js';
import { loadProgram } from './program.js';

beforeAll(async () => {
  await startTensorFlowIfThere();
});

describe.skipIf(!tensorFlowWorks)('a compiled step refuses', () => {
  it('a batch of other shapes than the first, and trains on', () => {
    const trainer = createCompiledTrainer(network, { xla: 'off' });
    const numbers = { learningRate: 0.1 };
    trainer.step(batchOf(0), numbers);
    const before = trainer.state();
    const { image, target } = batchOf(1);
    const smaller = {
      image: { shape: [4, 8, 8, 1], data: image!.data.slice(0, 4 * 64) },
      target: { shape: [4, 2], data: target!.data.slice(0, 4 * 2) },
    };
    expect(() => trainer.step(smaller, numbers)).toThrow(
      expect.objectContaining({
        code: 'E_ENGINE_SHAPE',
        message: expect.stringContaining(
          'image [5, 8, 8, 1], target [5, 2] became image [4, 8, 8, 1], target [4, 2]',
        ),
        hints: [expect.stringContaining('drop a last batch'), expect.stringContaining('engine.compile=off')],
      }),
    );
    expect(trainer.state()).toEqual(before);
    trainer.step(batchOf(1), numbers);
    expect(trainer.state().step).toBe(2);
    trainer.dispose();
  });

  it('constants beyond the 2 GB of a graph, before any is written', () => {
    const constant = tensor1d([1, 2]);
    const options: TrainerOptions = {
      ...network,
      loss: (...given) => add(network.loss(...given) as Tensor, sum(mul(constant, constant))),
    };
    const batch = batchOf(0);
    const numbers = { learningRate: 0.1 };
    const trainer = createCompiledTrainer(network, { xla: 'off' });
    const state = joinState(trainer.state());
    const { part } = recordStep(options, { state, updates: 0, batch, inputs: numbers });
    // Zeros that nobody touches take no memory.
    const constants = part.recording.constants.map((one) => ({ ...one, bytes: new Uint8Array(2 ** 31) }));
    expect(constants.length).toBeGreaterThan(0);
    expect(() => loadProgram({ ...part, recording: { ...part.recording, constants } })).toThrow(
      expect.objectContaining({
        code: 'E_ENGINE_GRAPH_SIZE',
        message: expect.stringMatching(
          /the constants of this step take \d+\.\d GB, a TensorFlow graph holds 2/,
        ),
        hints: ['make large arrays inputs or parameters of the step', 'engine.compile=off'],
      }),
    );
    trainer.dispose();
  });
});
