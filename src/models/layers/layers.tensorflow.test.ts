import { beforeAll, describe, it } from 'vitest';
import { startEngine } from '../../engine/backends/start.js';
import { whyNoTensorFlow } from '../../engine/testing/backends.js';
import { checkLayers } from '../testing/layers.js';

const reason = whyNoTensorFlow();

describe.skipIf(reason !== undefined)('layers on TensorFlow', () => {
  beforeAll(async () => {
    await startEngine({ backend: 'tensorflow', threads: 'auto' });
  });
  checkLayers('tensorflow');
});

it.runIf(reason !== undefined)(`is skipped: ${reason}`, ({ skip }) => skip(reason));
