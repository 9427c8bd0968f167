import { beforeAll, describe, it } from 'vitest';
import { startEngine } from '../backends/start.js';
import { whyNoTensorFlow } from '../testing/backends.js';
import { checkGradients } from '../testing/check-gradients.js';

const reason = whyNoTensorFlow();

describe.skipIf(reason !== undefined)('on TensorFlow', () => {
  beforeAll(async () => {
    await startEngine({ backend: 'tensorflow', threads: 'auto' });
  });
  checkGradients('tensorflow');
});

it.runIf(reason !== undefined)(`is skipped: ${reason}`, ({ skip }) => skip(reason));
