import { afterAll, describe, expect, it } from 'vitest';
import { readPredictions } from '../evaluation/predictions-file.js';
import { readRecord } from '../evaluation/record.js';
import { addTarget, type Material } from './prepare.js';
import { trainAndEvaluate } from './supervised.js';
import { makeResults, runJob, smallConfig, smallTraining } from './testing/jobs.js';
import { preparePeople } from './testing/people.js';

const results = makeResults();
afterAll(() => results.remove());

const configure = (
  objective: object,
  { training = {}, seed = 0 }: { training?: object; seed?: number } = {},
) =>
  smallConfig({
    seed,
    objective,
    model: { name: 'mlp', widths: [8] },
    training: {
      ...smallTraining,
      ...{ steps: 150, batch_size: 32, checkpoint_every: 50, monitor: { every: 75, examples: 50 } },
      optimizer: { name: 'adam', learning_rate: 0.02 },
      ...training,
    },
    evaluation: {
      metrics: ['accuracy', 'worst_group_accuracy'],
      groups: [['group']],
      ...{ train_examples: 200, test_examples: 200, batch_size: 64 },
    },
  });

/** Trains on these people; returns the predictions and the test accuracy of each target, the mean under `all`. */
async function trainOn(people: Material, config: ReturnType<typeof configure>, folder = results) {
  const material = { ...people, dataset: addTarget(people.dataset, config) };
  const protocol = trainAndEvaluate(async () => material);
  const { run, end } = await runJob(config, folder, { work: (context) => protocol.run(context) });
  const rows = readRecord(run.paths.record)!.rows.filter(({ set }) => set === 'test');
  const accuracy = rows
    .filter(({ metric, group }) => metric === 'accuracy' && !('by' in group))
    .map(({ group, value }) => [group.target ?? group.targets ?? 'overall', value]);
  return {
    run,
    end,
    rows,
    table: await readPredictions(run.paths.predictions),
    accuracy: Object.fromEntries(accuracy),
  };
}

describe('a binary target', () => {
  it('is learned, and scored as classes are', async () => {
    const { table, accuracy } = await trainOn(preparePeople(), configure({ name: 'cross_entropy' }));
    expect(accuracy.overall).toBeGreaterThan(0.75);
    expect(table.logits!.hired!.filter((_, at) => at % 2 === 0).every((logit) => logit === 0)).toBe(true);
  });
});

describe('two heads', () => {
  it('answer for the protected variable, which no mean counts', async () => {
    const { table, accuracy, rows } = await trainOn(preparePeople(), configure({ name: 'two_heads' }));
    expect(Object.keys(table.logits!)).toEqual(['hired', 'group']);
    expect(table.context.beside).toEqual(['group']);
    expect(accuracy.overall).toBe(accuracy.hired);
    expect(accuracy.hired).toBeGreaterThan(0.75);
    expect(accuracy.group).toBeGreaterThan(0.75);
    const worst = rows.filter(({ metric }) => metric === 'worst_group_accuracy');
    expect(worst.find(({ group }) => group.target === undefined)!.value).toBe(
      worst.find(({ group }) => group.target === 'hired')!.value,
    );
  });

  it('answer with an output for each of three groups', async () => {
    const { table, accuracy } = await trainOn(
      preparePeople({ groups: 3 }),
      configure({ name: 'two_heads' }, { seed: 1 }),
    );
    expect(table.logits!.group!.length).toBe(3 * table.example.length);
    expect(accuracy.group).toBeGreaterThan(0.6);
  });

  it('tell nothing of it where they were trained on a permutation', async () => {
    const { accuracy } = await trainOn(preparePeople(), configure({ name: 'two_heads', shuffled: true }));
    expect(accuracy.hired).toBeGreaterThan(0.75);
    expect(accuracy.group).toBeLessThan(0.65);
  });
});
