import { createRequire } from 'node:module';
import { afterAll, describe, expect, it } from 'vitest';
import { readPredictions } from '../evaluation/predictions-file.js';
import { readRecord } from '../evaluation/record.js';
import { makeResults, runJob, smallConfig } from './testing/jobs.js';

const results = makeResults();
afterAll(() => results.remove());

const runReference = async (name: string) => {
  const job = await runJob(
    smallConfig({
      model: { name },
      protocol: { name: 'reference' },
      evaluation: { train_examples: 2000, test_examples: 2000 },
    }),
    results,
  );
  return {
    ...job,
    record: readRecord(job.run.paths.record)!,
    table: await readPredictions(job.run.paths.predictions),
  };
};
const overall = (
  rows: readonly { set: string; metric: string; group: object; value: number }[],
  set: string,
) => rows.find((row) => row.set === set && row.metric === 'r2' && Object.keys(row.group).length === 0)!.value;

describe('the reference protocol', () => {
  it('train_mean answers with the mean of the training targets', async () => {
    const { end, events, record, table } = await runReference('train_mean');
    expect(end).toMatchObject({ outcome: 'finished', step: 0, evaluation: { seconds: expect.any(Number) } });
    expect(events[0]).toMatchObject({ type: 'started', backend: 'none' });
    expect(record.labels).toMatchObject({ model: 'train_mean', protocol: 'reference' });
    // Scale keeps its levels 0 to 3 of 0 to 5 in training.
    for (const value of table.predictions.scale!) expect(value).toBe(Math.fround(0.3));
    expect(overall(record.rows, 'test')).toBeLessThan(0);
  });

  it('nearest_seen answers with the nearest value that training had', async () => {
    const { record, table } = await runReference('nearest_seen');
    Array.from(table.variables.scale!, (level, row) =>
      expect(table.predictions.scale![row]).toBe(Math.fround(Math.min(level, 3) / 5)),
    );
    expect(overall(record.rows, 'train')).toBe(1);
    expect(overall(record.rows, 'test')).toBeGreaterThan(0.5);
    expect(overall(record.rows, 'test')).toBeLessThan(1);
  });

  it('needs no TensorFlow', () => {
    const loaded = Object.keys(createRequire(import.meta.url).cache);
    expect(loaded.filter((path) => path.includes('@tensorflow'))).toEqual([]);
  });
});
