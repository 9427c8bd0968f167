import { expect } from 'vitest';
import { sizeOf } from '../../core/numbers/shape.js';
import type { NamedArrays, Trainer, TrainerOptions } from '../../engine/engine.js';
import { drawPrefix } from '../../engine/resident.js';
import type { Model } from '../../models/model.js';
import { smallConfig, smallTraining } from '../../protocols/testing/jobs.js';
import { createRates } from '../../protocols/training/loop/learning-rates.js';
import { assembleStep, stepNumbers } from '../../protocols/training/step/training-step.js';
import { clearSlots } from '../../training/optimizers/restart.js';
import { partPrefix, statePrefix } from '../own-parameters.js';
import { restartsOf, widenInputs } from '../traits.js';
import { type AlgorithmCase, readAlgorithms, startValues } from './algorithms.js';
import { environmentPlans } from './environment-plans.js';
import type { Nested, Plan } from './plan.js';
import { batchOf, createNet, farthest, head, move } from './reference-net.js';
import { stepPlans } from './step-plans.js';

const { environments, learningRate, updates, cases } = readAlgorithms();

const plans: Readonly<Record<string, Plan>> = { ...environmentPlans, ...stepPlans };

/** All cases, by name. */
export const referenceCases: readonly (readonly [string, AlgorithmCase])[] = cases.map((one) => [
  nameOf(one),
  one,
]);

function nameOf({ name, variant }: AlgorithmCase): string {
  return variant === undefined ? name : `${name}, ${variant}`;
}

/**
 * Makes all updates of a case as a run makes them, and compares the loss of each to 1e-5 of its value, the parameters and
 * what is carried on after it to 1e-5.
 */
export async function followReference(
  create: (options: TrainerOptions) => Trainer,
  one: AlgorithmCase,
): Promise<void> {
  const plan = plans[nameOf(one)];
  if (plan === undefined) throw new Error(`there is no plan for ${nameOf(one)}`);
  const optimizer = { name: 'adam', learning_rate: learningRate, ...plan.optimizer };
  const config = smallConfig({
    objective: { name: one.name, ...plan.objective },
    training: { ...smallTraining, optimizer },
  });
  const { images = false } = plan;
  const input = images ? { image: [4, 4, 1] } : { features: [6] };
  const widened = Object.entries(widenInputs(config.objective, input))[0]!;
  const net = createNet(sizeOf(widened[1]), widened[0]);
  const { model, options } = await assembleStep(config, net, [head], { environments, inputs: input });
  const here = (arrays: NamedArrays) => nameParts(plan.translate?.(arrays) ?? arrays, net);
  const start = startOf(one, plan);
  expect(Object.keys(options.parameters)).toEqual(expect.arrayContaining(Object.keys(here(start))));
  const trainer = create({ ...options, parameters: { ...options.parameters, ...here(start) } });
  const rates = createRates(config, config.training.optimizer.learning_rate, updates);
  const restarts = restartsOf(config.objective);
  for (const [t, { scalars, moved, state = {}, predictor = [] }] of one.updates.entries()) {
    if (restarts.includes(t)) trainer.restore(clearSlots(trainer.state(), options.optimizer));
    const batch = { ...batchOf(t, images), ...drawsOf(one, plan, t) };
    const loss = trainer.step(batch, { learningRate: rates(t), ...stepNumbers(model, config, t) });
    const expected = plan.loss?.(scalars) ?? scalars.loss!;
    expect(Math.abs(loss / expected - 1), `loss ${t}: ${loss} for ${expected}`).toBeLessThan(1e-5);
    const { parameters: found, slots } = trainer.state();
    for (const [name, { data }] of Object.entries(here(move(start, moved)))) {
      expect(farthest(found[name]!.data, data), `${name} after update ${t}`).toBeLessThan(1e-5);
    }
    for (const [name, { data }] of Object.entries(predictor.length === 0 ? {} : move(start, predictor))) {
      const averaged = slots[`${name}/${options.optimizer.averageSlot}`]!.data;
      expect(farthest(averaged, data), `mean of ${name} after update ${t}`).toBeLessThan(1e-5);
    }
    for (const [name, values] of Object.entries(state)) {
      const carried = found[plan.state![name]!]!.data;
      expect(farthest(carried, values), `${name} after update ${t}`).toBeLessThan(1e-5);
    }
  }
  trainer.dispose();
}

function nameParts(arrays: NamedArrays, { parameters }: Model): NamedArrays {
  const known = (name: string) => name in parameters || name.startsWith(statePrefix);
  return Object.fromEntries(
    Object.entries(arrays).map(([name, array]) => [known(name) ? name : `${partPrefix}${name}`, array]),
  );
}

function startOf({ parameters }: AlgorithmCase, { copies = {} }: Plan): NamedArrays {
  const start = startValues(parameters);
  return { ...start, ...Object.fromEntries(Object.entries(copies).map(([to, from]) => [to, start[from]!])) };
}

/** The random numbers of an update: those that are whole are places. */
function drawsOf({ draws }: AlgorithmCase, plan: Plan, t: number): NamedArrays {
  const theirs = draws?.[t] ?? {};
  if (plan.draws !== undefined) return plan.draws(theirs, t);
  return Object.fromEntries(
    Object.entries(theirs).map(([name, values]) => {
      const flat = unravel(values);
      const data = flat.every(Number.isInteger) ? Int32Array.from(flat) : Float32Array.from(flat);
      return [`${drawPrefix}${name}`, { shape: shapeOf(values), data }];
    }),
  );
}

function unravel(values: Nested): number[] {
  return typeof values === 'number' ? [values] : values.flatMap(unravel);
}

function shapeOf(values: Nested): number[] {
  return typeof values === 'number' ? [] : [values.length, ...shapeOf(values[0]!)];
}
