import { beforeAll, describe } from 'vitest';
import { startBoth } from '../../engine/testing/backends.js';
import { checkParity } from './testing/check-parity.js';

beforeAll(startBoth);

describe('networks with weights in files answer as in timm', () => {
  checkParity('wasm');
  checkParity('cpu');
});
