import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../engine/backends/start.js';
import type { Engine, NamedArrays } from '../../engine/engine.js';
import { readAlgorithms, startValues } from '../../objectives/testing/algorithms.js';
import { batchOf, createNet, farthest, head } from '../../objectives/testing/reference-net.js';
import { clearSlots } from '../../training/optimizers/restart.js';
import { smallConfig, smallTraining } from '../testing/jobs.js';
import { restartsIn } from './read-out-first.js';
import { assembleStep, stepNumbers } from './training-step.js';

const golden = JSON.parse(
  readFileSync(new URL('../../objectives/testing/adaptations-golden.json', import.meta.url), 'utf8'),
);
const { cases, learningRate } = readAlgorithms();
const { parameters } = cases.find(({ name }) => name === 'erm')!;
const net = createNet(6, 'features');

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ backend: 'wasm', threads: 1 });
});

/** All weights after each of five updates of ERM, and their averages, as single rows. */
async function train(sections: object, stream = 0) {
  const optimizer = { name: 'adam', learning_rate: learningRate };
  const config = smallConfig({
    objective: { name: 'cross_entropy' },
    training: { ...smallTraining, optimizer, ...sections },
  });
  const { model, options } = await assembleStep(config, net, [head], {});
  const trainer = engine.createTrainer({ ...options, parameters: startValues(parameters, stream) });
  const found = [];
  for (let t = 0; t < 5; t++) {
    if (restartsIn(config).includes(t)) trainer.restore(clearSlots(trainer.state(), options.optimizer));
    trainer.step(batchOf(t), { learningRate, ...stepNumbers(model, config, t) });
    const state = trainer.state();
    found.push({ weights: inRow(state.parameters), average: inRow(state.slots, '/average') });
  }
  trainer.dispose();
  return found;
}

function inRow(arrays: NamedArrays, suffix = ''): number[] {
  return parameters.flatMap(({ name }) => [...(arrays[`${name}${suffix}`]?.data ?? [])]);
}

describe('a training of which PyTorch has the numbers', () => {
  it('trains the read-out first, then everything', async () => {
    const found = await train({ read_out_first: { steps: golden.lpFt.probing } });
    for (const [t, weights] of golden.lpFt.weights.entries()) {
      expect(farthest(found[t]!.weights, weights), `after update ${t}`).toBeLessThan(1e-5);
    }
  });

  it('averages weights alike from its start on', async () => {
    const average = { decay: 'mean', start: golden.eoa.start - 2 };
    for (const [place, weights] of golden.eoa.weights.entries()) {
      const found = await train({ average }, 50 * place);
      expect(farthest(found.at(-1)!.average, weights)).toBeLessThan(1e-5);
    }
  });

  it('trains the read-out only where there is one, at an order that is its own', async () => {
    const first = { read_out_first: { steps: 2 } };
    const config = smallConfig({ objective: { name: 'fish' }, training: { ...smallTraining, ...first } });
    await expect(assembleStep(config, net, [head], { environments: 3 })).rejects.toMatchObject({
      code: 'E_READ_OUT_FIRST',
    });
  });
});
