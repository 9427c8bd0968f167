import { beforeAll, describe } from 'vitest';
import { startTensorFlowIfThere, tensorFlowWorks } from '../../engine/testing/tensorflow.js';
import { checkCircuit } from './testing/check-circuit.js';

beforeAll(async () => {
  await startTensorFlowIfThere();
});

describe.skipIf(!tensorFlowWorks)('a circuit as the authors compute it', () => {
  checkCircuit('tensorflow');
});
