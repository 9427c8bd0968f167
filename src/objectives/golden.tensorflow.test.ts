import { beforeAll, describe, it } from 'vitest';
import { createTensorFlowTrainer } from '../engine/compiled/create-trainer.js';
import { startTensorFlowIfThere, tensorFlowWorks } from '../engine/testing/tensorflow.js';
import { followReference, referenceCases } from './testing/follow-reference.js';

beforeAll(async () => {
  await startTensorFlowIfThere();
});

describe.skipIf(!tensorFlowWorks)('compiled updates of domain generalisation', () => {
  it.each(referenceCases)('%s: as in PyTorch', async (_, one) => {
    const settings = { compile: 'always', xla: 'off' } as const;
    await followReference((options) => createTensorFlowTrainer(options, settings), one);
  });
});
