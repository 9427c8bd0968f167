import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunRecord, readRecord } from '../../evaluation/record.js';
import { studyTables } from '../../tables/study-tables.js';
import { recomputeRecord } from '../index.js';
import { makeResults, type Results, runJob, smallConfig } from '../testing/jobs.js';

let results: Results;
beforeEach(() => {
  results = makeResults();
});
afterEach(() => results.remove());

const seen = { rendition: 'normal' };
const sets = {
  train: seen,
  validation: { of: 'train', share: 0.2 },
  near: { of: 'train', share: 0.2 },
  far: { not: seen },
};
const configOf = (asked?: object, sections: object = {}) =>
  smallConfig({
    dataset: {
      ...{ name: 'sprites', side: 32, draws: 1 },
      levels: { rendition: { first: 2 }, x: { first: 2 }, y: { first: 2 } },
    },
    split: { rule: 'statement', sets },
    objective: { name: 'cross_entropy' },
    evaluation: {
      ...{ train_examples: 60, test_examples: 20, batch_size: 32, metrics: ['accuracy'] },
      ...(asked && { ood_detection: { neighbours: 5, ...asked } }),
    },
    ...sections,
  });
const detectionOf = ({ rows }: RunRecord) => rows.filter(({ metric }) => metric.startsWith('ood_'));

describe('detection of other sets', () => {
  it('stands in the record by score, and is kept where metrics alone are computed again', async () => {
    const { run } = await runJob(configOf({ target: 'shape' }), results);
    const record = readRecord(run.paths.record)!;
    const rows = detectionOf(record);
    expect(rows).toHaveLength(5 * 4);
    for (const { set, group, value, n } of rows) {
      expect([set, group.in, n]).toEqual(['far', 'near', 40]);
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1);
    }
    const aurocs = rows.filter(({ metric }) => metric === 'ood_auroc').map(({ value }) => value);
    expect(new Set(aurocs).size).toBeGreaterThan(3);
    await runJob(configOf({ target: 'shape' }), results, { work: recomputeRecord, evaluate: true });
    expect(readRecord(run.paths.record)).toEqual(record);
    const [table] = studyTables([record], { names: ['ood-detection'] });
    expect(table!.rows.map(({ section, header }) => [section, header[1]])).toEqual(
      ['MSP', 'energy', 'Mahalanobis', 'kNN', 'ViM'].map((score) => ['statement: far from near', score]),
    );
  });

  it.each([
    [{}, 'E_DETECTION_TARGET', 'several targets'],
    [{ target: 'size', out: ['near'], in: 'near' }, 'E_DETECTION_SETS', 'from itself'],
    [{ target: 'scale' }, 'E_DETECTION_TARGET', "no target 'scale'"],
    [{ target: 'shape', out: ['moon'] }, 'E_SET_UNKNOWN', "no set 'moon'"],
    [{ target: 'shape', neighbours: 61 }, 'E_DETECTION_NEIGHBOURS', 'among 60'],
  ])('is refused: %o', async (asked, code, message) => {
    await expect(runJob(configOf(asked), results)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  it('wants classes', async () => {
    const dataset = {
      name: 'dsprites',
      levels: { orientation: { first: 4 }, x: { every: 8 }, y: { every: 8 } },
    };
    await expect(
      runJob(
        configOf({}, { dataset, objective: { name: 'squared_error' }, split: { rule: 'random' } }),
        results,
      ),
    ).rejects.toMatchObject({ code: 'E_DETECTION_TARGET' });
  });
});
