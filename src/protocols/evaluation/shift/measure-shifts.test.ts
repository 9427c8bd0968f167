import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makePeople } from '../../../datasets/testing/people.js';
import { readRecord } from '../../../evaluation/record.js';
import { isShiftRow } from '../../../evaluation/shift/rows.js';
import { makeSplit } from '../../../splits/index.js';
import { studyTables } from '../../../tables/study-tables.js';
import { recomputeRecord } from '../../index.js';
import { trainAndEvaluate } from '../../supervised.js';
import { makeResults, type Results, runJob, smallConfig, smallTraining } from '../../testing/jobs.js';
import { makeSides } from './sides.js';

let results: Results;
beforeEach(() => {
  results = makeResults();
});
afterEach(() => results.remove());

const dataset = makePeople({ size: 1500 });
const sets = {
  train: { group: 'g0' },
  near: { of: 'train', share: 0.4 },
  far: { group: 'g1' },
};
const split = makeSplit(dataset.table, { rule: 'statement', sets });
const protocol = trainAndEvaluate(async () => ({ dataset, split }));
const configOf = (asked: object) =>
  smallConfig({
    objective: { name: 'cross_entropy' },
    model: { name: 'mlp', widths: [16] },
    training: { ...smallTraining, steps: 3 },
    evaluation: {
      ...{ train_examples: 20, test_examples: 20, batch_size: 32, metrics: ['accuracy'] },
      shift: { epochs: 6, points: 500, width: 2, ...asked },
    },
  });
const run = (asked: object) => runJob(configOf(asked), results, { work: (context) => protocol.run(context) });

describe('sides', () => {
  it('have as many of each class, a fifth of them held out, and share none', () => {
    const classOf = dataset.table.column('hired');
    const both = [split.sets.train, split.sets.far!] as const;
    const counts = (examples: Uint32Array) =>
      [0, 1].map((label) => examples.filter((one) => classOf[one] === label).length);
    for (const mixed of [false, true]) {
      const [p, q] = makeSides(both, classOf, { most: 200, seed: 1, mixed });
      expect(counts(p.train)).toEqual(counts(q.train));
      expect(counts(p.heldOut)).toEqual(counts(q.heldOut));
      const all = [p.train, p.heldOut, q.train, q.heldOut].flatMap((own) => [...own]);
      expect(new Set(all).size).toBe(all.length);
      expect(all.length).toBeLessThanOrEqual(400);
      expect(all.length).toBeGreaterThan(390);
      const fromTrain = (own: Uint32Array) => own.filter((one) => both[0].includes(one)).length / own.length;
      for (const [own, share] of [
        [p, 1],
        [q, 0],
      ] as const) {
        for (const part of [own.train, own.heldOut])
          expect(Math.abs(fromTrain(part) - (mixed ? 0.5 : share))).toBeLessThan(mixed ? 0.15 : 1e-9);
      }
    }
    expect(makeSides(both, classOf, { most: 200, seed: 1, mixed: false })).toEqual(
      makeSides(both, classOf, { most: 200, seed: 1, mixed: false }),
    );
  });
});

describe('shifts between sets', () => {
  it('stand in the record, larger of a set of others than of one alike', { timeout: 60_000 }, async () => {
    const { run: own } = await run({});
    const record = readRecord(own.paths.record)!;
    const scoreOf = (set: string, metric: string) =>
      record.rows.find((row) => row.set === set && row.metric === metric)!.value;
    expect(record.rows.filter(isShiftRow)).toHaveLength(6);
    expect(record.rows.filter(isShiftRow).every(({ group }) => group.from === 'train')).toBe(true);
    // Groups look different, and tell merit by it.
    expect(scoreOf('far', 'side_accuracy')).toBeGreaterThan(0.75);
    expect(scoreOf('near', 'side_accuracy')).toBeLessThan(0.65);
    for (const set of ['near', 'far']) {
      for (const metric of ['diversity_shift', 'correlation_shift']) {
        expect(scoreOf(set, metric)).toBeGreaterThanOrEqual(0);
        expect(scoreOf(set, metric)).toBeLessThan(0.7);
      }
    }
    await runJob(configOf({}), results, { work: recomputeRecord, evaluate: true });
    expect(readRecord(own.paths.record)).toEqual(record);
    const [table] = studyTables([record], { names: ['shift'] });
    expect(table!.rows.map(({ header }) => header[0])).toEqual(['train to near', 'train to far']);
  });

  it('have thresholds of mixed sets where that is asked for', { timeout: 60_000 }, async () => {
    const { run: own } = await run({ to: ['near'], calibrate: true, epochs: 2 });
    const rows = readRecord(own.paths.record)!.rows.filter(isShiftRow);
    expect(rows.map(({ set }) => set)).toEqual(['near', 'near', 'near']);
  });

  it.each([
    [{ to: ['moon'] }, 'E_SET_UNKNOWN', "no set 'moon'"],
    [{ to: ['train'] }, 'E_SHIFT_SETS', 'no set to compare train with'],
    [{ target: 'group' }, 'E_SHIFT_TARGET', "no target 'group'"],
    [{ width: 64, examples: 100 }, 'E_SHIFT_FEW', 'too few for densities in 64'],
  ])('are refused: %o', async (asked, code, message) => {
    await expect(run(asked)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });
});
