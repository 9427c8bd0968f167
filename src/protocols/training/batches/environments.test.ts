import { describe, expect, it } from 'vitest';
import { smallConfig, smallTraining } from '../../testing/jobs.js';
import { preparePeople } from '../../testing/people.js';
import { describeStep } from '../step/training-step.js';
import { batchRows, trainingEnvironments } from './environments.js';
import { createEntrance, drawBatches } from './resident.js';

const people = preparePeople({ groups: 3, size: 120 });
const group = people.dataset.table.column('group');
const configure = (training: object, objective: object = { name: 'irm' }) =>
  smallConfig({
    objective,
    training: { ...smallTraining, ...training },
    model: { name: 'mlp', widths: [4] },
  });
const keepGroups = (...kept: readonly number[]) => {
  const { sets } = people.split;
  const train = sets.train.filter((example) => kept.includes(group[example]!));
  return { ...people, split: { ...people.split, sets: { ...sets, train } } };
};

describe('environments of a training set', () => {
  it('have blocks of equal size in every batch, in their order', () => {
    const config = configure({ environments: 'replacement', batch_size: 5 });
    const material = keepGroups(0, 2);
    expect(trainingEnvironments(material, config)!.names).toEqual(['g0', 'g2']);
    const batch = drawBatches(material, config)(3);
    expect(Array.from(batch, (example) => group[example])).toEqual([0, 0, 0, 0, 0, 2, 2, 2, 2, 2]);
    expect(batchRows(material, config)).toBe(10);
    expect(createEntrance(material, config, false)(batch, 3).target!.shape).toEqual([10, 1]);
  });

  it('are one batch where all of them are, if they are equally large', () => {
    const config = configure({ environments: 'all' });
    const sets = { ...people.split.sets };
    const members = [0, 1, 2].map((level) => sets.train.filter((example) => group[example] === level));
    const few = Math.min(...members.map(({ length }) => length));
    const train = Uint32Array.from(members.flatMap((examples) => [...examples.slice(0, few)])).sort();
    const material = { ...people, split: { ...people.split, sets: { ...sets, train } } };
    const batch = drawBatches(material, config)(9);
    expect(batch.toSorted()).toEqual(train);
    expect(Array.from(batch, (example) => group[example])).toEqual(
      [0, 1, 2].flatMap((level) => Array<number>(few).fill(level)),
    );
    expect(() => drawBatches(people, config)).toThrow(
      expect.objectContaining({ code: 'E_ENVIRONMENTS_UNEQUAL' }),
    );
  });

  it.each([
    ['E_ENVIRONMENTS_UNASKED', people, {}],
    ['E_ENVIRONMENTS_FEW', keepGroups(1), { environments: 'replacement' }],
    ['E_ENVIRONMENTS_BATCHES', people, { environments: 'replacement', stratify: true }],
  ] as const)('are refused with %s', async (code, material, training) => {
    await expect(describeStep(configure(training), material)).rejects.toMatchObject({ code });
  });

  it('are refused of a dataset that names none', async () => {
    const { environment: _none, ...plain } = people.dataset;
    const config = configure({ environments: 'replacement' }, { name: 'cross_entropy' });
    expect(() => drawBatches({ ...people, dataset: plain }, config)).toThrow(
      expect.objectContaining({
        code: 'E_ENVIRONMENT_ABSENT',
        message: 'training.environments needs environments, and the dataset people names none',
      }),
    );
  });

  it('may be one where nothing compares them', () => {
    const config = configure({ environments: 'replacement' }, { name: 'cross_entropy' });
    expect(drawBatches(keepGroups(1), config)(0)).toHaveLength(16);
  });
});
