import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { sizeOf } from '../../../core/numbers/shape.js';
import { startEngine } from '../../../engine/backends/start.js';
import type { Engine, NamedArrays } from '../../../engine/engine.js';
import {
  batchInputs,
  batchLabels,
  readAlgorithms,
  startValues,
} from '../../../objectives/testing/algorithms.js';
import { batchOf, createNet, farthest, head } from '../../../objectives/testing/reference-net.js';
import { chooseGreedily } from '../../../training/choose-greedily.js';
import { meanOf } from '../../../training/mean-of.js';
import { clearSlots } from '../../../training/optimizers/restart.js';
import { smallConfig, smallTraining } from '../../testing/jobs.js';
import { describeAveraged, joinMembers } from './averaged-model.js';
import { restartsIn } from './read-out-first.js';
import { assembleStep, stepNumbers } from './training-step.js';

const golden = JSON.parse(
  readFileSync(new URL('../../../objectives/testing/adaptations-golden.json', import.meta.url), 'utf8'),
);
const { cases, learningRate } = readAlgorithms();
const { parameters } = cases.find(({ name }) => name === 'erm')!;
const net = createNet(6, 'features');

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ backend: 'wasm', threads: 1 });
});

/** All weights after each of five updates of ERM, and their averages, as single rows. */
async function train(sections: object, stream = 0, rate = learningRate) {
  const optimizer = { name: 'adam', learning_rate: rate };
  const config = smallConfig({
    objective: { name: 'cross_entropy' },
    training: { ...smallTraining, optimizer, ...sections },
  });
  const { model, options } = await assembleStep(config, net, [head], {});
  const trainer = engine.createTrainer({ ...options, parameters: startValues(parameters, stream) });
  const found = [];
  for (let t = 0; t < 5; t++) {
    if (restartsIn(config).includes(t)) trainer.restore(clearSlots(trainer.state(), options.optimizer));
    trainer.step(batchOf(t), { learningRate: rate, ...stepNumbers(model, config, t) });
    const state = trainer.state();
    found.push({ weights: inRow(state.parameters), average: inRow(state.slots, '/average') });
  }
  trainer.dispose();
  return found;
}

function inRow(arrays: NamedArrays, suffix = ''): number[] {
  return parameters.flatMap(({ name }) => [...(arrays[`${name}${suffix}`]?.data ?? [])]);
}

/** Parameters of a row of all weights. */
function inShapes(weights: ArrayLike<number>): NamedArrays {
  let place = 0;
  return Object.fromEntries(
    parameters.map(({ name, shape }) => {
      const data = Float32Array.from({ length: sizeOf(shape) }, () => weights[place++]!);
      return [name, { shape, data }];
    }),
  );
}

const oneRow = (weights: readonly number[]) => ({
  shape: [weights.length],
  data: Float32Array.from(weights),
});

/** On 3 x 64 examples of batch 9. */
async function accuracyOf(weights: ArrayLike<number>): Promise<number> {
  const labels = batchLabels(9, 64);
  const rows = labels.length;
  const config = smallConfig({ objective: { name: 'cross_entropy' } });
  const { options } = await assembleStep(config, net, [head], {});
  const trainer = engine.createTrainer({ ...options, parameters: inShapes(weights) });
  const features = { shape: [rows, 6], data: batchInputs(9, false, 64) };
  const { data } = trainer.inference(net.apply)({ features }).prediction!;
  trainer.dispose();
  const right = labels.filter((label, row) => {
    const own = data.slice(3 * row, 3 * row + 3);
    return own.indexOf(Math.max(...own)) === label;
  });
  return right.length / rows;
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

  it('averages the weights of runs, all or those of a greedy choice', async () => {
    const runs: number[][] = [];
    for (const rate of golden.diwa.rates) {
      runs.push((await train({ optimizer: { name: 'adam', learning_rate: rate } }, 0, rate)).at(-1)!.weights);
    }
    const meanAt = (places: readonly number[]) => {
      return meanOf(places.length, (at) => ({ all: oneRow(runs[places[at]!]!) })).all!.data;
    };
    expect(farthest(meanAt([0, 1, 2, 3]), golden.diwa.uniform)).toBeLessThan(1e-5);
    for (const [place, own] of golden.diwa.accuracies.entries()) {
      expect(await accuracyOf(meanAt([place]))).toBeCloseTo(own, 8);
    }
    const chosen = await chooseGreedily(runs.length, (places) => accuracyOf(meanAt(places)));
    expect(chosen).toEqual(golden.diwa.chosen);
    expect(farthest(meanAt(chosen), golden.diwa.greedy)).toBeLessThan(1e-5);
    expect(await accuracyOf(meanAt(chosen))).toBeCloseTo(golden.diwa.greedyAccuracy, 8);
  });

  it('averages the outputs of several trainings', async () => {
    const average = { decay: 'mean', start: golden.eoa.start - 2 };
    const config = smallConfig({ objective: { name: 'cross_entropy' } });
    const described = await assembleStep(config, net, [head], {});
    const { model, options } = describeAveraged(described, { of: 'logits', from: ['one', 'other'] });
    const members = [];
    for (const stream of [0, 50]) members.push(inShapes((await train({ average }, stream)).at(-1)!.average));
    const trainer = engine.createTrainer({ ...options, parameters: joinMembers(members) });
    const logits = trainer.inference(model.apply)(batchOf(5)).prediction!.data;
    expect(farthest(logits, golden.eoa.logits.flat())).toBeLessThan(1e-5);
    trainer.dispose();
  });

  it('trains the read-out only where there is one, at an order that is its own', async () => {
    const first = { read_out_first: { steps: 2 } };
    const config = smallConfig({ objective: { name: 'fish' }, training: { ...smallTraining, ...first } });
    await expect(assembleStep(config, net, [head], { environments: 3 })).rejects.toMatchObject({
      code: 'E_READ_OUT_FIRST',
    });
  });
});
