import { beforeAll, describe } from 'vitest';
import { startTensorFlowIfThere, tensorFlowWorks } from '../engine/testing/tensorflow.js';
import { checkCosts } from './testing/check-costs.js';

beforeAll(async () => {
  await startTensorFlowIfThere();
});

describe.skipIf(!tensorFlowWorks)('multiply-adds of one example, counted on TensorFlow', checkCosts);
