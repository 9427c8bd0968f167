import { beforeAll, describe, it } from 'vitest';
import { createTensorFlowTrainer } from '../../engine/compiled/create-trainer.js';
import { startTensorFlowIfThere, tensorFlowWorks } from '../../engine/testing/tensorflow.js';
import { expectUpdates, plannedCases } from '../testing/train-algorithm.js';

beforeAll(async () => {
  await startTensorFlowIfThere();
});

describe.skipIf(!tensorFlowWorks)('compiled updates of domain generalisation', () => {
  it.each(plannedCases)('%s: as in PyTorch', async (_, one) => {
    await expectUpdates(
      (options) => createTensorFlowTrainer(options, { compile: 'always', xla: 'off' }),
      one,
    );
  });
});
