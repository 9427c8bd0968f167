import { expect } from 'vitest';
import type { NamedArrays, Trainer, TrainerOptions } from '../../engine/engine.js';
import { dense, denseParameters } from '../../models/layers/dense.js';
import { withReadOut } from '../../models/read-out.js';
import { smallConfig, smallTraining } from '../../protocols/testing/jobs.js';
import { createRates } from '../../protocols/training/learning-rates.js';
import { assembleStep, stepNumbers } from '../../protocols/training/training-step.js';
import { clearSlots } from '../../training/optimizers/restart.js';
import type { Head } from '../../variables/targets.js';
import { comparesEnvironments, restartsOf } from '../traits.js';
import { planOf } from './algorithm-plans.js';
import { type AlgorithmCase, batchInputs, batchLabels, readAlgorithms, startValues } from './algorithms.js';

const { environments, examples, learningRate, updates, cases } = readAlgorithms();

/** Those of which the plans say how they are trained. */
export const plannedCases: readonly (readonly [string, AlgorithmCase])[] = cases.flatMap((one) =>
  planOf(one) === undefined ? [] : [[[one.name, one.variant ?? ''].join(' ').trim(), one] as const],
);

const rows = environments * examples;
const head: Head = { name: 'label', kind: 'categorical', start: 0, width: 3 };

/** The net of the reference numbers. */
const net = withReadOut(
  {
    parameters: { ...denseParameters('dense1', 6, 5), ...denseParameters('dense2', 5, 4) },
    features: (parameters, { features }) =>
      dense(parameters, 'dense2', dense(parameters, 'dense1', features!, 'relu'), 'linear'),
    width: 4,
  },
  3,
);

function batchOf(t: number): NamedArrays {
  return {
    features: { shape: [rows, 6], data: batchInputs(t) },
    target: { shape: [rows, 1], data: Float32Array.from(batchLabels(t)) },
  };
}

/**
 * Makes all updates of a case as a run makes them, and compares the loss of each to 1e-5 of its value, the parameters and
 * the state after it to 1e-5.
 */
export async function expectUpdates(
  create: (options: TrainerOptions) => Trainer,
  one: AlgorithmCase,
): Promise<void> {
  const { objective = one.name, options: more, ...plan } = planOf(one)!;
  const config = smallConfig({
    objective: { name: objective, ...more },
    training: { ...smallTraining, optimizer: { name: 'adam', learning_rate: learningRate } },
  });
  const counts = comparesEnvironments(config.objective) ? { environments } : {};
  const { model, options } = await assembleStep(config, net, [head], counts);
  const translate = plan.translate ?? ((arrays: NamedArrays) => arrays);
  const start = startValues(one.parameters);
  const trainer = create({ ...options, parameters: { ...options.parameters, ...translate(start) } });
  expect(Object.keys(options.parameters)).toEqual(expect.arrayContaining(Object.keys(translate(start))));
  const rates = createRates(config, learningRate, updates);
  const restarts = restartsOf(config.objective);
  for (const [t, { scalars, moved, state = {} }] of one.updates.entries()) {
    if (restarts.includes(t)) trainer.restore(clearSlots(trainer.state(), options.optimizer));
    const batch = { ...batchOf(t), ...plan.draws?.(one.draws?.[t] ?? {}, t) };
    const loss = trainer.step(batch, { learningRate: rates(t), ...stepNumbers(model, config, t) });
    const expected = plan.loss?.(scalars, t) ?? scalars.loss!;
    expect(Math.abs(loss - expected), `loss ${t}`).toBeLessThan(1e-5 * Math.max(1, Math.abs(expected)));
    const found = trainer.state().parameters;
    for (const [name, { data }] of Object.entries(translate(move(start, moved)))) {
      expect(farthest(found[name]!.data, data), `${name} after update ${t}`).toBeLessThan(1e-5);
    }
    for (const [name, values] of Object.entries(state)) {
      const own = found[plan.state![name]!]!.data;
      expect(farthest(own, values), `${name} after update ${t}`).toBeLessThan(1e-5);
    }
  }
  trainer.dispose();
}

function move(start: NamedArrays, moved: readonly number[]): NamedArrays {
  let place = 0;
  return Object.fromEntries(
    Object.entries(start).map(([name, { shape, data }]) => [
      name,
      { shape, data: Float32Array.from(data, (value) => value + 1e-8 * moved[place++]!) },
    ]),
  );
}

function farthest(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(found).toHaveLength(expected.length);
  return Array.from(found).reduce((most, value, at) => Math.max(most, Math.abs(value - expected[at]!)), 0);
}
