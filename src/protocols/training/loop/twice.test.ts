import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { configSchema } from '../../../config/schema/root.js';
import { checkTwice } from '../../../config/schema/sections/twice.js';
import type { Dataset } from '../../../datasets/dataset.js';
import { startEngine } from '../../../engine/backends/start.js';
import type { NamedArrays } from '../../../engine/engine.js';
import {
  batchInputs,
  batchLabels,
  readAlgorithms,
  startValues,
} from '../../../objectives/testing/algorithms.js';
import { batchOf, createNet, farthest, head } from '../../../objectives/testing/reference-net.js';
import { findLastGoodCheckpoint } from '../../../runs/checkpoints/checkpoints.js';
import { makeSplit } from '../../../splits/index.js';
import { readMetrics, withoutTimes } from '../../../tracking/metrics-log.js';
import { makeColumns } from '../../../variables/columns.js';
import type { Material } from '../../prepare.js';
import { trainAndEvaluate } from '../../supervised.js';
import { makeResults, type Results, runJob, smallConfig, smallTraining } from '../../testing/jobs.js';
import { preparePeople } from '../../testing/people.js';
import { createFeed } from '../batches/feed.js';
import type { Network } from '../start/network.js';
import { assembleStep, stepNumbers } from '../step/training-step.js';
import { createRates } from './learning-rates.js';
import { createTwice, upsample } from './twice.js';

const folders: Results[] = [];
const newResults = () => {
  const results = makeResults();
  folders.push(results);
  return results;
};
afterAll(() => {
  for (const folder of folders) folder.remove();
});

const golden = JSON.parse(
  readFileSync(new URL('../../../objectives/testing/adaptations-golden.json', import.meta.url), 'utf8'),
).jtt as {
  readonly weight: number;
  readonly errors: readonly number[];
  readonly paper: { readonly loss: number };
  readonly second: { readonly losses: readonly number[]; readonly weights: readonly (readonly number[])[] };
};

/** The 24 examples of batch 5 as a dataset, all of them for training. */
function prepareBatch(): Material {
  const [labels, inputs] = [batchLabels(5), batchInputs(5)];
  const dataset: Dataset = {
    name: 'batch',
    table: makeColumns(labels.length, [{ name: 'label', kind: 'categorical', levels: ['a', 'b', 'c'] }], {
      label: Uint16Array.from(labels),
    }),
    inputs: { features: [6] },
    targets: [{ name: 'label', kind: 'categorical' }],
    fingerprint: 'batch 5',
    fill(_, examples, out) {
      for (let at = 0; at < examples.length; at++)
        out.set(inputs.subarray(6 * examples[at]!, 6 * examples[at]! + 6), 6 * at);
    },
  };
  const sets = { train: { label: ['a', 'b', 'c'] }, test: { of: 'train', share: 0.1 } };
  const split = makeSplit(dataset.table, { rule: 'statement', sets });
  return { dataset, split: { ...split, sets: { train: Uint32Array.from(labels, (_, row) => row) } } };
}

describe('training twice', () => {
  it('finds the errors of the first training and begins anew, as PyTorch does', async () => {
    const { cases, learningRate } = readAlgorithms();
    const { parameters: shapes } = cases.find(({ name }) => name === 'erm')!;
    const twice = { steps: 5, weight: golden.weight };
    const optimizer = { name: 'adam', learning_rate: learningRate };
    const config = smallConfig({
      objective: { name: 'cross_entropy' },
      training: { ...smallTraining, optimizer, twice },
    });
    const material = prepareBatch();
    const engine = await startEngine({ backend: 'wasm', threads: 1 });
    const { model, options } = await assembleStep(config, createNet(6, 'features'), [head], {});
    const beginning = startValues(shapes);
    const trainer = engine.createTrainer({ ...options, parameters: beginning });
    const step = (batch: NamedArrays, at: number) =>
      trainer.step(batch, { learningRate, ...stepNumbers(model, config, at) });
    for (let at = 0; at < 5; at++) step(batchOf(at), at);
    await runJob(config, newResults(), {
      async work(context) {
        context.run.continueFrom();
        const network = { material, model, trainer, optimizer: options.optimizer, beginning };
        const again = createTwice(context, network as unknown as Network)!;
        expect(again.saved()).toEqual({});
        await again.begin();
        const state = trainer.state();
        expect(state.parameters).toEqual(beginning);
        expect(Object.values(state.slots).every(({ data }) => data.every((value) => value === 0))).toBe(true);
        const all = upsample(material.split.sets.train, Uint32Array.from(golden.errors), golden.weight);
        // Of its epochs every example counts as often as it should.
        const epoch = Array.from({ length: all.length }, (_, at) => [...again.batches(5 + at)]).flat();
        expect(epoch.sort()).toEqual(
          Array.from({ length: 16 }, () => [...all])
            .flat()
            .sort(),
        );
        const kept = createTwice(context, { ...network, saved: again.saved() } as unknown as Network)!;
        expect(kept.batches(7)).toEqual(again.batches(7));
        const batch = createFeed(material.dataset, all.length).fill(all);
        for (const [at, weights] of golden.second.weights.entries()) {
          expect(step(batch, 5 + at)).toBeCloseTo(golden.second.losses[at]!, 5);
          const found = shapes.flatMap(({ name }) => [...trainer.state().parameters[name]!.data]);
          expect(farthest(found, weights), `after update ${at}`).toBeLessThan(1e-5);
        }
        return { outcome: 'finished', step: 8 };
      },
    });
    trainer.dispose();
  });

  const people = preparePeople();
  const protocol = trainAndEvaluate(async () => people);
  const configure = (training: object, sections: object = {}) =>
    smallConfig({
      objective: { name: 'cross_entropy' },
      model: { name: 'mlp', widths: [8] },
      training: { ...smallTraining, steps: 30, checkpoint_every: 4, ...training },
      evaluation: { metrics: ['accuracy'], train_examples: 40, test_examples: 40, batch_size: 32 },
      ...sections,
    });
  const train = async (training: object, results = newResults(), stopAt?: number) => {
    const { run, end } = await runJob(configure(training), results, {
      work: (context) => protocol.run(context),
      ...(stopAt && { stopAt: (event) => event.type === 'checkpoint' && event.step === stopAt }),
    });
    const { state } = findLastGoodCheckpoint(run.paths.checkpoints, run.id).checkpoint!;
    return { end, state, lines: readMetrics(run.paths.metrics).map(withoutTimes) };
  };

  it('stopped before, at and after the change and begun again ends with the same bits', async () => {
    // At update 12 the errors are found behind the checkpoint; from then on it has them.
    const twice = { steps: 12, weight: 5 };
    const whole = await train({ twice });
    for (const at of [8, 12, 16]) {
      const results = newResults();
      const stopped = await train({ twice }, results, at);
      expect(stopped.end).toMatchObject({ outcome: 'interrupted', step: at });
      const resumed = await train({ twice }, results);
      expect(resumed.state).toEqual(whole.state);
      expect(resumed.lines).toEqual(whole.lines);
    }
  });

  it('is by the weight 1 a training of its own from the same start', async () => {
    const plain = await train({ steps: 18 });
    const both = await train({ twice: { steps: 12, weight: 1 } });
    expect(Object.keys(both.state.parameters)).toEqual(Object.keys(plain.state.parameters));
    expect(both.state.parameters).not.toEqual(plain.state.parameters);
    const [found] = both.lines.filter(({ kind }) => kind === 'twice');
    expect(found).toMatchObject({ step: 12, examples: people.split.sets.train.length });
    expect(found!.errors).toBeGreaterThan(0);
  });

  it('has the schedule of the learning rate twice', () => {
    const schedule = { name: 'linear', warmup_steps: 0 };
    const config = configure({ schedule, twice: { steps: 2, weight: 3, learning_rate: 0.5 } });
    const rates = createRates(config, 1, 6);
    expect([0, 1, 2, 3, 4, 5].map(rates)).toEqual([0.5, 0.25, 1, 0.75, 0.5, 0.25]);
  });

  it('refuses what it cannot be of', async () => {
    const twice = { steps: 12, weight: 5 };
    const wrong = (sections: object) =>
      checkTwice(configSchema.parse({ ...configure({ twice }), ...sections })).map(({ hint }) => hint);
    expect(wrong({})).toEqual([]);
    expect(wrong({ objective: { name: 'fair' } })).toEqual(['type objective=cross_entropy']);
    expect(wrong({ training: { steps: 12, twice } })).toEqual(['type training.steps=24']);
    expect(wrong({ training: { twice, balance: 'classes' } })).toEqual(['type ~training.balance']);
    expect(wrong({ training: { twice, average: { decay: 0.9 } } })).toEqual(['type ~training.average.decay']);
    await expect(train({ steps: 12, twice })).rejects.toMatchObject({ code: 'E_TWICE_STEPS' });
  });
});
