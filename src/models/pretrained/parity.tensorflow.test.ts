import { beforeAll, describe, it } from 'vitest';
import { startEngine } from '../../engine/backends/start.js';
import { whyNoTensorFlow } from '../../engine/testing/backends.js';
import { checkParity } from './testing/check-parity.js';

const reason = whyNoTensorFlow();

describe.skipIf(reason !== undefined)('networks with weights in files answer as in timm', () => {
  beforeAll(async () => {
    await startEngine({ backend: 'tensorflow', threads: 'auto' });
  });
  checkParity('tensorflow');
});

it.runIf(reason !== undefined)(`is skipped: ${reason}`, ({ skip }) => skip(reason));
