import { beforeAll, describe } from 'vitest';
import { startBoth } from '../../engine/testing/backends.js';
import { checkCircuit } from './testing/check-circuit.js';

beforeAll(startBoth);

describe('a circuit as the authors compute it', () => {
  checkCircuit('wasm');
  checkCircuit('cpu');
});
