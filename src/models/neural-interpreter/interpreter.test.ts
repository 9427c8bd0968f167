import { beforeAll, describe } from 'vitest';
import { startBoth } from '../../engine/testing/backends.js';
import { checkInterpreter } from './testing/check-interpreter.js';

beforeAll(startBoth);

describe('an interpreter as it is defined', () => {
  checkInterpreter('wasm');
  checkInterpreter('cpu');
});
