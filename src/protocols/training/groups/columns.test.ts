import { describe, expect, it } from 'vitest';
import { smallConfig } from '../../testing/jobs.js';
import { preparePeople } from '../../testing/people.js';
import { createEntrance, describeResident } from '../batches/resident.js';
import { describeStep } from '../step/training-step.js';
import { describeColumns } from './columns.js';

const configure = (objective: object, seed = 0) =>
  smallConfig({ seed, objective, training: { steps: 1000, batch_size: 4 } });
const people = preparePeople({ size: 60 });
const group = Float32Array.from(people.dataset.table.column('group'));
const { train } = people.split.sets;

describe('columns of a batch', () => {
  it('are none where the objective asks for none', () => {
    expect(describeColumns(people, configure({ name: 'cross_entropy' })).columns).toEqual({});
  });

  it('hold the protected variable, fed and resident alike', () => {
    const config = configure({ name: 'fair' });
    expect(describeColumns(people, config).columns).toEqual({ protected: group });
    const batch = createEntrance(people, config, false)(train.subarray(5, 9), 0);
    const stored = describeResident(people, config)!.arrays.protected!;
    expect(stored.read(5, 4)).toEqual(batch.protected!.data);
    expect([batch.protected!.shape, stored.shape]).toEqual([[4], []]);
  });

  it('hold a permutation of it among the training examples, by the seed', () => {
    const shuffled = (seed: number) =>
      describeColumns(people, configure({ name: 'fair', shuffled: true }, seed)).columns.protected!;
    const [one, other] = [shuffled(1), shuffled(2)];
    expect(shuffled(1)).toEqual(one);
    expect(one).not.toEqual(other);
    const among = (levels: Float32Array) => Array.from(train, (example) => levels[example]!);
    expect(among(one)).not.toEqual(among(group));
    expect(among(one).sort()).toEqual(among(group).sort());
    for (const example of people.split.sets.test!) expect(one[example]).toBe(group[example]);
    const keys = [1, 2].map(
      (seed) => describeResident(people, configure({ name: 'fair', shuffled: true }, seed))!.key,
    );
    expect(new Set([...keys, describeResident(people, configure({ name: 'fair' }))!.key]).size).toBe(3);
  });

  it('are refused where there is no protected variable, or not every group', async () => {
    const config = configure({ name: 'fair' });
    const { protected: _none, ...plain } = people.dataset;
    const absent = {
      code: 'E_PROTECTED_ABSENT',
      message: 'the objective fair needs a protected variable, and the dataset people names none',
    };
    expect(() => describeColumns({ ...people, dataset: plain }, config)).toThrow(
      expect.objectContaining(absent),
    );
    await expect(describeStep(config, { ...people, dataset: plain })).rejects.toMatchObject(absent);
    const sets = { ...people.split.sets, train: train.filter((example) => group[example] === 1) };
    expect(() => describeColumns({ ...people, split: { ...people.split, sets } }, config)).toThrow(
      'the training set has no example whose group is g0',
    );
  });
});
