import { matMul, ones, sum } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCompiledTrainer } from '../engine/compiled/trainer.js';
import { array, descent } from '../engine/testing/network.js';
import { startTensorFlowIfThere, tensorFlowWorks } from '../engine/testing/tensorflow.js';
import { explainMemory } from './explain-memory.js';
import { smallConfig } from './testing/jobs.js';

beforeAll(async () => {
  await startTensorFlowIfThere();
});

describe.skipIf(!tensorFlowWorks)('a step that needs terabytes', () => {
  const column = () => ones([2 ** 21, 1]);
  const options = {
    parameters: { x: array([1], 1) },
    optimizer: descent,
    loss: () => sum(matMul(column(), column(), false, true)),
  };

  // TensorFlow looks for memory for ten seconds.
  it('is refused with the numbers to try', { timeout: 60_000 }, () => {
    const trainer = createCompiledTrainer(options, { xla: 'off' });
    let refusal: unknown;
    try {
      trainer.step({}, { learningRate: 1 });
    } catch (error) {
      refusal = explainMemory(error, smallConfig(), 4);
    }
    expect(refusal).toMatchObject({
      code: 'E_ENGINE_MEMORY',
      message: expect.stringMatching(/^there is not enough memory.*: .*OOM when allocating tensor.*2097152/),
      hints: [
        'train fewer runs together: replicas=2  (here 4)',
        'halve the batch: training.batch_size=8  (it is 16), evaluation.batch_size=16  (it is 32)',
        'let one job have all of it: launcher.jobs=1',
      ],
    });
    trainer.dispose();
  });
});
