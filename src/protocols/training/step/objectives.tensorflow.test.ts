import { beforeAll, describe, expect, it } from 'vitest';
import type { ExperimentConfig } from '../../../config/schema/root.js';
import { createTensorFlowTrainer } from '../../../engine/compiled/create-trainer.js';
import { createReplicaGroup } from '../../../engine/compiled/replicas/replicas.js';
import type { SharedTrainer, TrainerOptions, TrainState } from '../../../engine/engine.js';
import { relativeError } from '../../../engine/testing/backends.js';
import { startTensorFlowIfThere, tensorFlowWorks } from '../../../engine/testing/tensorflow.js';
import { createEagerTrainer } from '../../../engine/trainer.js';
import { comparesEnvironments } from '../../../objectives/traits.js';
import { addTarget } from '../../prepare.js';
import { smallConfig, smallTraining } from '../../testing/jobs.js';
import { preparePeople } from '../../testing/people.js';
import { createEntrance, describeResident, drawBatches } from '../batches/resident.js';
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
  const material = { ...people, dataset: addTarget(people.dataset, config) };
  const { model, options } = await describeStep(config, material);
  const resident = asRows ? describeResident(material, config)! : undefined;
  const warnings: string[] = [];
  const trainer = create({
    ...options,
    ...(resident && { resident }),
    warn: (message) => void warnings.push(message),
  });
  const batches = drawBatches(material, config);
  const fed = createEntrance(material, config, false, model);
  const execution = trainer.prepare(fed(batches(0), 0), exampleInputs(model, config));
  expect(execution.resident > 0).toBe(asRows);
  const enter = asRows ? createEntrance(material, config, true, model) : fed;
  for (let step = 0; step < steps; step++) {
    const inputs = { learningRate: 0.02, ...stepNumbers(model, config, step) };
    await trainer.step(enter(batches(step), step), inputs);
  }
  const state = trainer.state();
  trainer.dispose();
  expect(warnings).toEqual([]);
  return state;
}

const eager = new Map<string, Promise<TrainState>>();
/** Trains op by op, once for all tests that compare with it. */
function trainEagerly(config: ExperimentConfig): Promise<TrainState> {
  const key = JSON.stringify(config);
  const state = eager.get(key) ?? trainWith(createEagerTrainer, config);
  eager.set(key, state);
  return state;
}

const configure = (objective: object, seed = 1) => {
  const config = smallConfig({
    seed,
    objective,
    model: { name: 'mlp', widths: [8] },
    training: { ...smallTraining, steps },
  });
  if (!comparesEnvironments(config.objective)) return config;
  return { ...config, training: { ...config.training, environments: 'replacement' as const, batch_size: 8 } };
};

function expectClose(found: TrainState, expected: TrainState): void {
  expect(Object.keys(found.parameters)).toEqual(Object.keys(expected.parameters));
  for (const [name, values] of Object.entries(expected.parameters)) {
    expect(relativeError(found.parameters[name] as never, values as never), name).toBeLessThan(1e-4);
  }
}

const fair = (strength: number, more: object = {}) => ({ name: 'fair', strength, ...more });

/** Objectives, each with another whose numbers differ. */
const cases: readonly (readonly [string, object, object])[] = [
  ['fair', fair(20), fair(0.5)],
  ...['absolute', 'equal_opportunity', 'equalized_odds'].map(
    (regulariser) => [`fair, ${regulariser}`, fair(20, { regulariser }), fair(0, { regulariser })] as const,
  ),
  ...['mse_sigmoid', 'mse_linear', 'bce'].map((second_loss) => {
    const weighed = (second_weight: number) => ({ name: 'two_heads', second_loss, second_weight });
    return [`two_heads, ${second_loss}`, weighed(0.5), weighed(0.9)] as const;
  }),
  ...['demographic_parity', 'equalized_odds'].map((criterion) => {
    const opposed = (strength: number) => ({ name: 'adversarial', criterion, strength });
    return [`adversarial, ${criterion}`, opposed(1), opposed(0.1)] as const;
  }),
  ...['halves', 'whole'].map((estimator) => {
    const penalised = (strength: number, anneal: number) => ({ name: 'irm', estimator, strength, anneal });
    return [`irm, ${estimator}`, penalised(5, 4), penalised(1, 6)] as const;
  }),
  ['vrex', { name: 'vrex', anneal: 4, rescale: true, l2: 0.1 }, { name: 'vrex', anneal: 7, l2: 0.2 }],
  ['group_dro', { name: 'group_dro', eta: 0.3 }, { name: 'group_dro', eta: 1 }],
];

/** The same of losses that compare environments, of which each takes long to compile. */
const more: typeof cases = [
  ...['sd', 'coral', 'mmd', 'causirl_coral', 'causirl_mmd', 'cad', 'cond_cad'].map(
    (name) => [name, { name, strength: 2 }, { name, strength: 0.5 }] as const,
  ),
  ...['ib_erm', 'fishr'].map(
    (name) => [name, { name, strength: 5, anneal: 4 }, { name, strength: 1, anneal: 2 }] as const,
  ),
  ['ib_irm', { name: 'ib_irm', anneal: 4, bottleneck_anneal: 2 }, { name: 'ib_irm', anneal: 3 }],
  ...['quantile', 'bracket'].map((gradient) => {
    const late = (quantile: number, anneal: number) => ({ name: 'eqrm', gradient, quantile, anneal });
    return [`eqrm, ${gradient}`, late(0.8, 4), late(0.6, 7)] as const;
  }),
  ['rdm', { name: 'rdm', anneal: 4 }, { name: 'rdm', strength: 1, variance: 0.1, anneal: 2 }],
  ['mixup', { name: 'mixup', alpha: 0.2 }, { name: 'mixup', alpha: 2 }],
  ['rsc', { name: 'rsc', feature_drop: 0.3 }, { name: 'rsc', feature_drop: 0.5, batch_drop: 0.5 }],
  ...[true, false].map(
    (noise) =>
      [`mtl${noise ? ' of noise' : ''}`, { name: 'mtl', noise }, { name: 'mtl', noise, ema: 0.5 }] as const,
  ),
  ...[true, false].map((train_projection) => {
    const regularised = { name: 'self_reg', train_projection };
    return [`self_reg${train_projection ? '' : ', not projected anew'}`, regularised, regularised] as const;
  }),
];

/** Objectives that make updates of their own: name, and the options of two. */
const updates: typeof cases = [
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

describe.skipIf(!tensorFlowWorks).each(cases)('the objective %s', (_, one, other) => {
  it('trains compiled, and from resident data, as op by op', async () => {
    const config = configure(one);
    const expected = await trainEagerly(config);
    const fed = await trainWith(compiled, config);
    expectClose(fed, expected);
    expect(await trainWith(compiled, config, true)).toEqual(fed);
    expect((await trainEagerly(configure(other))).parameters).not.toEqual(expected.parameters);
  });

  it.each(['stacked', 'side by side'] as const)('trains with other numbers in one graph, %s', async (way) => {
    const configs = [configure(one), configure(other, 2)];
    const group = createReplicaGroup(2, settings, way);
    const together = await Promise.all(
      configs.map((config) => trainWith((options) => group.createTrainer(options), config)),
    );
    for (const [index, found] of together.entries()) {
      expectClose(found, await trainEagerly(configs[index]!));
    }
  });
});

const named = updates.map(([name, one, other]) => [name, { name, ...one }, { name, ...other }] as const);

describe.skipIf(!tensorFlowWorks).each([...more, ...named])('the objective %s', (_, one, other) => {
  it('trains compiled, from resident data and stacked as op by op', async () => {
    const configs = [configure(one), configure(other, 2)] as const;
    const fed = await trainWith(compiled, configs[0]);
    expect(await trainWith(compiled, configs[0], true)).toEqual(fed);
    const group = createReplicaGroup(2, settings, 'stacked');
    const together = await Promise.all(
      configs.map((config) => trainWith((options) => group.createTrainer(options), config, true)),
    );
    expectClose(fed, await trainEagerly(configs[0]));
    for (const [index, found] of together.entries()) {
      expectClose(found, await trainEagerly(configs[index]!));
    }
    expect(together[0]!.parameters).not.toEqual(together[1]!.parameters);
  });
});

describe.skipIf(!tensorFlowWorks)('a shuffled protected variable', () => {
  it('is another one, by the seed, for each replica with its data on the device', async () => {
    const plain = configure(fair(20));
    const configs = [1, 2].map((seed) => configure(fair(20, { shuffled: true }), seed));
    const group = createReplicaGroup(2, settings);
    const together = await Promise.all(
      configs.map((config) => trainWith((options) => group.createTrainer(options), config, true)),
    );
    for (const [index, found] of together.entries()) {
      expectClose(found, await trainWith(compiled, configs[index]!));
    }
    expect(together[0]!.parameters).not.toEqual((await trainWith(compiled, plain)).parameters);
  });
});

describe.skipIf(!tensorFlowWorks)('the objective reweighed', () => {
  it('trains compiled, from resident data and in one graph, as op by op', async () => {
    const configs = [1, 2].map((seed) => configure({ name: 'reweighed' }, seed));
    const fed = await trainWith(compiled, configs[0]!);
    expectClose(fed, await trainWith(createEagerTrainer, configs[0]!));
    expect(await trainWith(compiled, configs[0]!, true)).toEqual(fed);
    const group = createReplicaGroup(2, settings);
    const together = await Promise.all(
      configs.map((config) => trainWith((options) => group.createTrainer(options), config)),
    );
    expectClose(together[0]!, fed);
  });
});
