import { beforeAll, describe, expect, it } from 'vitest';
import type { ExperimentConfig } from '../../config/schema/root.js';
import { createTensorFlowTrainer } from '../../engine/compiled/create-trainer.js';
import { createReplicaGroup } from '../../engine/compiled/replicas/replicas.js';
import type { SharedTrainer, TrainerOptions, TrainState } from '../../engine/engine.js';
import { relativeError } from '../../engine/testing/backends.js';
import { startTensorFlowIfThere, tensorFlowWorks } from '../../engine/testing/tensorflow.js';
import { createEagerTrainer } from '../../engine/trainer.js';
import { smallConfig, smallTraining } from '../testing/jobs.js';
import { preparePeople } from '../testing/people.js';
import { createEntrance, describeResident, drawBatches } from './resident.js';
import { describeStep, exampleInputs, stepNumbers } from './training-step.js';

beforeAll(async () => {
  await startTensorFlowIfThere();
});

const settings = { compile: 'always', xla: 'off' } as const;
const steps = 8;
const people = preparePeople({ size: 120 });

type Create = (options: TrainerOptions) => SharedTrainer;
const compiled: Create = (options) => createTensorFlowTrainer(options, settings);

/** Trains as `trainNetwork` does, and hears no warning. */
async function trainWith(create: Create, config: ExperimentConfig, asRows = false): Promise<TrainState> {
  const { model, options } = await describeStep(config, people);
  const resident = asRows ? describeResident(people, config)! : undefined;
  const warnings: string[] = [];
  const trainer = create({
    ...options,
    ...(resident && { resident }),
    warn: (message) => void warnings.push(message),
  });
  const batches = drawBatches(people, config);
  const fed = createEntrance(people, config, false, model);
  const execution = trainer.prepare(fed(batches(0), 0), exampleInputs(model, config));
  expect(execution.resident > 0).toBe(asRows);
  const enter = asRows ? createEntrance(people, config, true, model) : fed;
  for (let step = 0; step < steps; step++) {
    const inputs = { learningRate: 0.02, ...stepNumbers(model, config, step) };
    await trainer.step(enter(batches(step), step), inputs);
  }
  const state = trainer.state();
  trainer.dispose();
  expect(warnings).toEqual([]);
  return state;
}

const configure = (objective: object, seed = 1) =>
  smallConfig({
    seed,
    objective,
    model: { name: 'mlp', widths: [8] },
    training: { ...smallTraining, steps, environments: 'replacement', batch_size: 8 },
  });

function expectClose(found: TrainState, expected: TrainState): void {
  expect(Object.keys(found.parameters)).toEqual(Object.keys(expected.parameters));
  for (const [name, values] of Object.entries(expected.parameters)) {
    expect(relativeError(found.parameters[name] as never, values as never), name).toBeLessThan(1e-4);
  }
}

/** Objectives, each with another whose numbers differ. */
const cases: readonly (readonly [string, object, object])[] = [
  ['and_mask', { tau: 1 }, { tau: 0 }],
  ['sand_mask', { tau: 0.1, k: 1e-3 }, { tau: 0, k: 1 }],
  ['iga', { strength: 10 }, { strength: 0 }],
  ['fish', { meta_rate: 0.5 }, { meta_rate: 0.2 }],
  ['mldg', { tests: 1, beta: 1 }, { tests: 1, beta: 0.1 }],
  ['dann', { width: 5, gradient_penalty: 1 }, { width: 5, gradient_penalty: 2, strength: 0.5 }],
  ['cdann', { width: 5 }, { width: 5, strength: 0.5, discriminator_rate: 0.1 }],
  ['sagnet', { strength: 0.1 }, { strength: 1 }],
  ['urm', { width: 5 }, { width: 5, strength: 1, discriminator_rate: 0.1 }],
  [
    'transfer',
    { adversary_steps: 3, delta: 0.1 },
    { adversary_steps: 3, strength: 0.5, adversary_rate: 0.1 },
  ],
  [
    'erm_plus_plus',
    { warmup_steps: 2, average_from: 3, warmup_rate: 0.01 },
    { warmup_steps: 1, average_from: 5 },
  ],
  ['trm', { anneal: 2, alignment: 0.1 }, { anneal: 4, alignment: 0.2, eta: 0.1 }],
  ['adrmx', { width: 5, depth: 3 }, { width: 5, depth: 3, strength: 0.1, contrast: 0.2 }],
  ['arm', { width: 5 }, { width: 5 }],
];

describe.skipIf(!tensorFlowWorks)('an objective that makes updates of its own', () => {
  it.each(cases)('trains compiled, and from resident data, as op by op: %s', async (name, one) => {
    const config = configure({ name, ...one });
    const fed = await trainWith(compiled, config);
    expectClose(fed, await trainWith(createEagerTrainer, config));
    expect(await trainWith(compiled, config, true)).toEqual(fed);
  });

  it.each(cases)('trains with other numbers in one graph: %s', async (name, one, other) => {
    const configs = [configure({ name, ...one }), configure({ name, ...other }, 2)];
    const group = createReplicaGroup(2, settings, 'stacked');
    const together = await Promise.all(
      configs.map((config) => trainWith((options) => group.createTrainer(options), config)),
    );
    for (const [index, found] of together.entries()) {
      expectClose(found, await trainWith(compiled, configs[index]!));
    }
    expect(together[0]!.parameters).not.toEqual(together[1]!.parameters);
  });
});
