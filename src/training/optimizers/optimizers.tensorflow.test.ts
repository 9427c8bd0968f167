import { mul, sum, tensor, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { assemble } from '../../engine/compiled/graph/assemble.js';
import { record } from '../../engine/compiled/recording/record.js';
import { createReplicaGroup } from '../../engine/compiled/replicas/replicas.js';
import { createCompiledTrainer } from '../../engine/compiled/trainer.js';
import type { Optimizer } from '../../engine/engine.js';
import { startTensorFlowIfThere, tensorFlowWorks } from '../../engine/testing/tensorflow.js';
import { createEagerTrainer } from '../../engine/trainer.js';
import { createSchedule } from '../schedules.js';
import { followPyTorch, golden, testOptimizers, trainerOptions } from '../testing/optimizers.js';
import { createAdam } from './adam.js';
import { createAdamW } from './adamw.js';
import { averageParameters } from './average.js';
import { createSgd } from './sgd.js';

beforeAll(async () => {
  await startTensorFlowIfThere();
});

const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
const decay = { weight_decay: 0.1, decay_biases: true };

/** TensorFlow's ops in the graph of one update of one parameter, but for state and constants. */
function opsOf(optimizer: Optimizer): string[] {
  const shape = [3];
  const names = ['parameter', ...optimizer.slots];
  return tidy(() => {
    const state = Object.fromEntries(names.map((name) => [name, tensor([1, 2, 3])]));
    const inputs = { gradient: tensor([1, 2, 3]) };
    const recording = record(
      ({ parameter, ...slots }, { gradient }) => {
        const numbers = { learningRate: 0.1, ...optimizer.numbers({ learningRate: 0.1 }, 3) };
        const updated = optimizer.update(parameter!, gradient!, slots, numbers);
        const followed = optimizer.follow?.(updated.parameter, slots, numbers);
        return {
          state: { parameter: updated.parameter, ...updated.slots, ...followed },
          outputs: { gradient: gradient! },
        };
      },
      state,
      inputs,
    );
    const signature = { dtype: 'float32', shape };
    const { nodes } = assemble([
      {
        recording,
        state: Object.fromEntries(names.map((name) => [name, signature])),
        inputs: { gradient: signature },
        xla: false,
      },
    ]);
    const plumbing = ['Const', 'Placeholder', 'VarHandleOp', 'Identity'];
    const own = nodes.filter(({ name, op }) => !plumbing.includes(op) && !/^(read|set)\d/.test(name));
    return own.map(({ op }) => op).sort();
  });
}

describe.skipIf(!tensorFlowWorks)('optimisers on tensorflow, op by op', () =>
  testOptimizers(createEagerTrainer),
);

describe.skipIf(!tensorFlowWorks)('optimisers on tensorflow, compiled', () => {
  testOptimizers((options) => createCompiledTrainer(options, { xla: 'off' }));

  it.each([
    ['adam', createAdam(adam), ['ResourceApplyAdam']],
    ['adam with decay', createAdam({ ...adam, ...decay }), ['Add', 'Mul', 'ResourceApplyAdam']],
    ['adamw', createAdamW({ ...adam, ...decay }), ['AssignVariableOp', 'Mul', 'ResourceApplyAdam']],
    ['sgd', createSgd({ momentum: 0, nesterov: false }), ['ResourceApplyGradientDescent']],
    ['momentum', createSgd({ momentum: 0.9, nesterov: true }), ['ResourceApplyMomentum']],
    [
      'adam with an average, which reads what was updated in place',
      averageParameters(createAdam(adam), { decay: 0.9, start: 0 }),
      ['Add', 'AssignVariableOp', 'Mul', 'ReadVariableOp', 'ResourceApplyAdam', 'Sub'],
    ],
  ])('update in place: %s', (_, optimizer, expected) => {
    expect(opsOf(optimizer)).toEqual(expected);
  });

  it('agree with PyTorch when all of them are replicas of one graph', async () => {
    const cases = golden.optimizers;
    const options = await Promise.all(cases.map((one) => trainerOptions(one.options)));
    const group = createReplicaGroup(cases.length, { compile: 'always', xla: 'off' });
    const trainers = options.map((one) => group.createTrainer(one));
    await Promise.all(trainers.map((trainer, index) => followPyTorch(trainer, cases[index]!)));
    for (const trainer of trainers) trainer.dispose();
  });

  it('follow a schedule without compiling again', () => {
    let calls = 0;
    const trainer = createCompiledTrainer(
      {
        parameters: { x: { shape: [1], data: Float32Array.of(0) } },
        optimizer: createSgd({ momentum: 0, nesterov: false }),
        loss({ x }, { slope }) {
          calls++;
          return sum(mul(x!, slope!));
        },
      },
      { xla: 'off' },
    );
    const batch = { slope: { shape: [1], data: Float32Array.of(-1) } };
    const rate = createSchedule({ name: 'cosine', warmup_steps: 4, final_fraction: 0 }, 0.5, 20);
    let [expected, recorded] = [0, 0];
    for (let step = 0; step < 20; step++) {
      trainer.step(batch, { learningRate: rate(step) });
      expected += rate(step);
      expect(trainer.state().parameters.x!.data[0]! / expected).toBeCloseTo(1, 5);
      if (step === 0) recorded = calls;
    }
    expect(calls).toBe(recorded);
    trainer.dispose();
  });
});
