import { beforeAll, describe } from 'vitest';
import { startEngine } from '../../engine/backends/start.js';
import type { Engine } from '../../engine/engine.js';
import { testOptimizers } from '../testing/optimizers.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ backend: 'wasm', threads: 1 });
});

describe('optimisers on wasm', () => testOptimizers((options) => engine.createTrainer(options)));
