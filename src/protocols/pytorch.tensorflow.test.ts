import { beforeAll, describe } from 'vitest';
import type { Engine } from '../engine/engine.js';
import { startTensorFlowIfThere, tensorFlowWorks } from '../engine/testing/tensorflow.js';
import { testAgainstPyTorch } from './testing/pytorch.js';

let engine: Engine | undefined;
beforeAll(async () => {
  engine = await startTensorFlowIfThere();
});

describe.skipIf(!tensorFlowWorks)('PyTorch and compiled steps', () => testAgainstPyTorch(() => engine!));
