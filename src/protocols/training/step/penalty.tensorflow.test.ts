import { beforeAll, describe, expect, it } from 'vitest';
import type { ExperimentConfig } from '../../../config/schema/root.js';
import { createTensorFlowTrainer } from '../../../engine/compiled/create-trainer.js';
import { createReplicaGroup } from '../../../engine/compiled/replicas/replicas.js';
import type { NamedArray, SharedTrainer, TrainerOptions } from '../../../engine/engine.js';
import { relativeError } from '../../../engine/testing/backends.js';
import { startTensorFlowIfThere, tensorFlowWorks } from '../../../engine/testing/tensorflow.js';
import { createEagerTrainer } from '../../../engine/trainer.js';
import { loopStart, train } from '../../../training/loop.js';
import { type Material, prepareMaterial } from '../../prepare.js';
import { smallConfig } from '../../testing/jobs.js';
import { createEntrance, describeResident, drawBatches } from '../batches/resident.js';
import { createRefresh } from './penalty.js';
import { describeStep, exampleInputs, stepNumbers } from './training-step.js';

let material: Material;
beforeAll(async () => {
  await startTensorFlowIfThere();
  material = await prepareMaterial(smallConfig(), '');
});

/** With links that are not drawn, whose rounding would grow. */
const config = smallConfig({
  model: {
    ...{ name: 'nac', processors: 8, read_outs: 2, width: 8, signature_width: 4, layers: 2, heads: 1 },
    ...{ head_width: 8, tokens: { stem_channels: 4, channels: 8, positions: 4 } },
    links: { by: 'signatures', truncation: null },
    prior: { regulariser: 'both', graphon: { weight: 20 } },
  },
});
const steps = 24;
const settings = { compile: 'always', xla: 'off' } as const;
const graphon = 'circuit/propagator2/graphon';

type Create = (options: TrainerOptions) => SharedTrainer;

/** Trains as `trainNetwork` does; returns the parameters, and every assignment to the second propagator's links. */
async function trainWith(create: Create, seed: number, asRows = false) {
  const own: ExperimentConfig = { ...config, seed };
  const { model, options } = await describeStep(own, material);
  const resident = asRows
    ? describeResident(material, { ...own, training: { ...own.training, steps: 1e6 } })!
    : undefined;
  const trainer = create({ ...options, steps: 1000, ...(resident && { resident }) });
  const batches = drawBatches(material, own);
  const fed = createEntrance(material, own, false);
  const execution = trainer.prepare(fed(batches(0), 0), exampleInputs(model, own));
  expect(execution.resident > 0).toBe(asRows);
  const enter = asRows ? createEntrance(material, own, true) : fed;
  const assigned: NamedArray[] = [];
  const { every, run } = createRefresh(model, trainer)!;
  const refresh = () => {
    run();
    assigned.push(trainer.read([graphon])[graphon]!);
  };
  await train({
    trainer,
    start: loopStart,
    steps,
    logEvery: steps,
    checkpointEvery: steps,
    refresh: { every, run: refresh },
    batch: (step) => enter(batches(step), step),
    learningRate: () => 0.01,
    numbers: (step) => stepNumbers(model, own, step),
    log: () => {},
    checkpoint: () => {},
    progress: () => {},
    signal: new AbortController().signal,
  });
  const { parameters } = trainer.state();
  trainer.dispose();
  return { parameters, assigned };
}

type Trained = Awaited<ReturnType<typeof trainWith>>;

function expectSame(found: Trained, expected: Trained): void {
  expect(found.assigned).toEqual(expected.assigned);
  for (const [name, values] of Object.entries(expected.parameters)) {
    // It changes nothing, so that its gradient is nothing but rounding, of which Adam makes whole steps.
    if (name === 'circuit/pooling/confidence/bias') continue;
    expect(relativeError(found.parameters[name] as never, values as never), name).toBeLessThan(2e-2);
  }
}

const hasMoved = ({ assigned: [first, ...others] }: Trained) =>
  others.some(({ data }) => data.join() !== first!.data.join());

describe.skipIf(!tensorFlowWorks)(
  'a model with a penalty whose graphon is assigned anew now and then',
  () => {
    it('trains compiled, and from resident data, as op by op', async () => {
      const eager = await trainWith(createEagerTrainer, 1);
      expect(eager.assigned).toHaveLength(3);
      expect(hasMoved(eager)).toBe(true);
      const compiled = (options: TrainerOptions) => createTensorFlowTrainer(options, settings);
      const fed = await trainWith(compiled, 1);
      expectSame(fed, eager);
      expect((await trainWith(compiled, 1, true)).parameters).toEqual(fed.parameters);
      expect(fed.parameters[graphon]).toEqual(fed.assigned.at(-1));
    });

    it('trains as one of several replicas', async () => {
      const group = createReplicaGroup(2, settings, 'stacked');
      const together = await Promise.all(
        [1, 2].map((seed) => trainWith((options) => group.createTrainer(options), seed)),
      );
      for (const [index, found] of together.entries()) {
        expectSame(found, await trainWith(createEagerTrainer, index + 1));
      }
      expect(together[0]!.assigned).not.toEqual(together[1]!.assigned);
    });
  },
);
