import { afterAll, describe, expect, it } from 'vitest';
import { readRecord } from '../evaluation/record.js';
import { findLastGoodCheckpoint } from '../runs/checkpoints/checkpoints.js';
import { readMetrics, withoutTimes } from '../tracking/metrics-log.js';
import { trainAndEvaluate } from './supervised.js';
import { makeResults, runJob, smallConfig, smallTraining } from './testing/jobs.js';
import { preparePeople } from './testing/people.js';

const folders = Array.from({ length: 6 }, makeResults) as [ReturnType<typeof makeResults>, ...never[]];
afterAll(() => {
  for (const folder of folders) folder.remove();
});

const people = preparePeople({ groups: 3 });
const protocol = trainAndEvaluate(async () => people);

const monitor = { every: 15, examples: 20, environments: 500 };

async function train(objective: object, at: number, stopAt?: number) {
  const config = smallConfig({
    objective,
    model: { name: 'mlp', widths: [8] },
    training: { ...smallTraining, environments: 'replacement', steps: 20, checkpoint_every: 5, monitor },
    evaluation: {
      metrics: ['accuracy'],
      groups: [['group']],
      train_examples: 400,
      test_examples: 200,
      batch_size: 64,
    },
  });
  const { run, end } = await runJob(config, folders[at]!, {
    work: (context) => protocol.run(context),
    ...(stopAt && { stopAt: (event) => event.type === 'checkpoint' && event.step === stopAt }),
  });
  return { end, run, state: findLastGoodCheckpoint(run.paths.checkpoints, run.id).checkpoint!.state };
}

describe('a penalty that comes late', () => {
  const irm = { name: 'irm', strength: 30, anneal: 10 };

  it('begins the optimiser anew at its update, also where a run is taken up there', async () => {
    const whole = await train(irm, 0);
    const stopped = await train(irm, 1, 10);
    expect(stopped.end).toMatchObject({ outcome: 'interrupted', step: 10 });
    expect((await train(irm, 1)).state).toEqual(whole.state);
    expect((await train({ ...irm, restart: false }, 2)).state).not.toEqual(whole.state);
  });

  it('changes nothing before', async () => {
    const early = await train(irm, 3, 10);
    expect((await train({ ...irm, strength: 300 }, 3, 10)).state).toEqual(early.state);
  });
});

describe('an objective with state, parts, draws or another learning rate', () => {
  it.each([
    { name: 'mtl', noise: true },
    { name: 'self_reg' },
    { name: 'fishr', anneal: 10 },
    { name: 'eqrm', anneal: 10, late_learning_rate: 1e-3 },
    { name: 'fish' },
    { name: 'dann', width: 5, discriminator_steps: 2 },
    { name: 'sagnet' },
    { name: 'urm', width: 5 },
    { name: 'erm_plus_plus', warmup_steps: 9, average_from: 5, warmup_rate: 1e-3 },
    { name: 'trm', anneal: 5 },
    { name: 'adrmx', width: 5, depth: 3 },
    { name: 'arm', width: 5 },
  ])('goes on where it was stopped: $name', async (objective) => {
    const whole = await train(objective, 4);
    expect(whole.end.outcome).toBe('finished');
    await train(objective, 5, 10);
    expect((await train(objective, 5)).state).toEqual(whole.state);
  });
});

describe('accuracies of environments', () => {
  it('are kept of every set while a run trains', async () => {
    const { run } = await train({ name: 'vrex', anneal: 0, restart: false }, 2);
    const lines = readMetrics(run.paths.metrics).filter(({ kind }) => kind === 'environments');
    expect(lines.map(({ step }) => step)).toEqual([15, 20]);
    const names = Object.keys(withoutTimes(lines[0]!)).filter((name) => name.includes('/'));
    expect(names).toEqual(
      ['train', 'test'].flatMap((set) => ['g0', 'g1', 'g2'].map((own) => `${set}/${own}`)),
    );
    const rows = readRecord(run.paths.record)!.rows.filter(({ group }) => group.by === 'group');
    expect(rows).toHaveLength(6);
    for (const { set, group, value } of rows) expect(lines[1]![`${set}/${group.group}`]).toBe(value);
  });
});
