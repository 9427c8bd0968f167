import { expect, it } from 'vitest';
import { startTensorFlowIfThere, tensorFlowWorks } from '../../../engine/testing/tensorflow.js';
import { followTent } from './testing/follow-tent.js';

it.runIf(tensorFlowWorks)('takes the steps of PyTorch on TensorFlow', async () => {
  const engine = await startTensorFlowIfThere();
  expect(engine?.tier).toBe('tensorflow');
  followTent(engine!);
});
