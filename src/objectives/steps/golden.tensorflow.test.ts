import { beforeAll, describe, it } from 'vitest';
import { createTensorFlowTrainer } from '../../engine/compiled/create-trainer.js';
import { startTensorFlowIfThere, tensorFlowWorks } from '../../engine/testing/tensorflow.js';
import { followReference, stepCases } from '../testing/follow-reference.js';

beforeAll(async () => {
  await startTensorFlowIfThere();
});

describe.skipIf(!tensorFlowWorks)('compiled updates of an own making', () => {
  it.each(stepCases)('%s: as in PyTorch', async (_, one, plan) => {
    const settings = { compile: 'always', xla: 'off' } as const;
    await followReference((options) => createTensorFlowTrainer(options, settings), one, plan);
  });
});
