import { mul, sum } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../engine/backends/start.js';
import type { Engine, NamedArrays, OwnStep } from '../../engine/engine.js';
import type { UpdateGroup } from '../../engine/update-group.js';
import { loadOptimizer } from './index.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ backend: 'wasm', threads: 1 });
});

const adam = {
  name: 'adam',
  ...{ learning_rate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  ...{ weight_decay: 0, decay_biases: false },
} as const;
const around = { clip_norm: null, clip_value: null, average: { decay: null, start: 0 } };
const vector = (values: readonly number[]) => ({ shape: [values.length], data: Float32Array.from(values) });
const parameters: NamedArrays = { 'head/w': vector([1, -2]), 'body/w': vector([3, 4]) };

/** Takes turns: the body in even steps. */
const turns: readonly UpdateGroup[] = [
  { name: 'head', prefix: 'head/', beta1: 0.5, learningRate: () => 0.2, turns: (n) => Math.ceil(n / 2) },
  { name: 'body', prefix: '', turns: (n) => Math.floor(n / 2) },
];

const load = (groups: readonly UpdateGroup[], more: object = {}, restarts: readonly number[] = []) =>
  loadOptimizer({ optimizer: adam, ...around, ...more }, new Set(), restarts, groups);

describe('groups of parameters', () => {
  it('count their own updates, and follow the schedule of the run', async () => {
    const { numbers } = await load([{ ...turns[0]!, times: 2 }, turns[1]!]);
    const alone = (beta1: number) => load([{ name: 'all', prefix: '', beta1 }]);
    const [head, body] = await Promise.all([alone(0.5), alone(0.9)]);
    const found = numbers({ learningRate: 0.05 }, 5);
    expect([found['head/turn'], found['body/turn']]).toEqual([1, 0]);
    expect(found['head/1/rate']).toBeCloseTo(head.numbers({ learningRate: 0.1 }, 6)['all/0/rate']!, 12);
    expect(numbers({ learningRate: 0.05 }, 6)['body/0/rate']).toBeCloseTo(
      body.numbers({ learningRate: 0.05 }, 3)['all/0/rate']!,
      12,
    );
  });

  it('begin anew where the optimiser does', async () => {
    const { numbers } = await load(turns, {}, [4]);
    const fresh = (await load(turns)).numbers({ learningRate: 0.1 }, 1);
    expect(numbers({ learningRate: 0.1 }, 5)).toEqual(fresh);
  });

  it('leave parameters and slots as they are when it is not their turn', async () => {
    const trainer = engine.createTrainer({
      parameters,
      optimizer: await load(turns),
      loss: (all) => sum(mul(all['head/w']!, all['body/w']!)),
    });
    const states = [trainer.state()];
    for (let step = 0; step < 2; step++) {
      trainer.step({}, { learningRate: 0.1 });
      states.push(trainer.state());
    }
    trainer.dispose();
    const [first, second, third] = states as [(typeof states)[0], (typeof states)[0], (typeof states)[0]];
    expect(second.parameters['body/w']).toEqual(first.parameters['body/w']);
    expect(second.slots['body/w/v']).toEqual(first.slots['body/w/v']);
    expect(third.parameters['head/w']).toEqual(second.parameters['head/w']);
    expect(third.slots['head/w/m']).toEqual(second.slots['head/w/m']);
    expect(second.parameters['head/w']!.data[0]).toBeCloseTo(0.8, 5);
    expect(third.parameters['body/w']!.data[0]).toBeCloseTo(2.9, 5);
  });

  it('are averaged once a step, whoever changed them last', async () => {
    const ownStep: OwnStep = (tools, state, _, numbers) => {
      const loss = (all: typeof state.parameters) => sum(mul(all['head/w']!, all['body/w']!));
      const { value, gradients } = tools.differentiate(tools.trained, state.parameters, loss);
      const next = tools.update(tools.update(state, gradients, numbers, 0), gradients, numbers, 1);
      return {
        ...next,
        parameters: { ...next.parameters, 'head/w': mul(next.parameters['head/w']!, 2) },
        loss: value,
      };
    };
    const trainer = engine.createTrainer({
      parameters,
      optimizer: await load([{ name: 'all', prefix: '', times: 2 }], {
        average: { decay: 'mean', start: 0 },
      }),
      loss: () => sum([]),
      ownStep,
    });
    const seen: number[] = [];
    for (let step = 0; step < 3; step++) {
      trainer.step({}, { learningRate: 0.1 });
      const { parameters, slots } = trainer.state();
      seen.push(parameters['head/w']!.data[1]!);
      const mean = seen.reduce((total, value) => total + value, 0) / seen.length;
      expect(slots['head/w/average']!.data[1]).toBeCloseTo(mean, 5);
    }
    trainer.dispose();
  });
});
