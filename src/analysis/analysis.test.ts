import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { writeFileAtomic } from '../core/files/files.js';
import { encodeRecord, type RunRecord } from '../evaluation/record.js';
import { groupBy, indexValues, loadRecords, rowKey } from './records.js';
import { twoSidedT } from './student-t.js';
import { compareIntervals, summarize } from './summary.js';

describe("Student's t", () => {
  it.each([
    [1, 12.706205],
    [2, 4.302653],
    [3, 3.182446],
    [4, 2.776445],
    [9, 2.262157],
    [10, 2.228139],
    [29, 2.04523],
    [120, 1.97993],
    [9999, 1.960201],
  ])('has the tabled 95 %% point for %i degrees', (degrees, expected) => {
    expect(twoSidedT(degrees, 0.95)).toBeCloseTo(expected, 5);
  });

  it.each([
    [2, 0.99, 9.924843],
    [9, 0.9, 1.833113],
    [5, 0.5, 0.726687],
  ])('has tabled points at other coverages: %i degrees, %d', (degrees, coverage, expected) => {
    expect(twoSidedT(degrees, coverage)).toBeCloseTo(expected, 5);
  });

  it('falls with the degrees', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), (degrees) => {
        expect(twoSidedT(degrees + 1, 0.95)).toBeLessThan(twoSidedT(degrees, 0.95));
      }),
      { numRuns: 30 },
    );
  });

  it.each([[0], [1.5]])('refuses %d degrees', (degrees) => {
    expect(() => twoSidedT(degrees, 0.95)).toThrow(RangeError);
  });
});

describe('a summary over seeds', () => {
  it('has the interval of the textbook', () => {
    const summary = summarize([0.9, 0.92, 0.97])!;
    expect(summary.mean).toBeCloseTo(0.93, 12);
    expect(summary.halfWidth).toBeCloseTo((4.302653 * Math.sqrt(0.0013)) / Math.sqrt(3), 6);
    expect(summary.n).toBe(3);
  });

  it('has no interval for one run and is absent for none', () => {
    expect(summarize([0.5])).toEqual({ mean: 0.5, halfWidth: undefined, n: 1, values: [0.5] });
    expect(summarize([])).toBeUndefined();
  });

  it('says whether intervals lie apart', () => {
    const low = summarize([0.1, 0.11, 0.12])!;
    const high = summarize([0.8, 0.81, 0.82])!;
    const wide = summarize([0, 0.5, 1])!;
    expect(compareIntervals(high, low)).toBe('above');
    expect(compareIntervals(low, high)).toBe('below');
    expect(compareIntervals(low, wide)).toBe('overlapping');
    expect(compareIntervals(low, summarize([0.9])!)).toBe('unknown');
  });
});

describe('records', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heldout-analysis-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const record = (run: string, seed: string, value: number): RunRecord => ({
    schema: 1,
    run,
    labels: { model: 'cnn', seed },
    rows: [{ set: 'test', metric: 'r2', group: { target: 'x', held: 'y' }, value, n: 4 }],
  });

  it('are read in one order, without those that are absent', () => {
    const paths = ['b', 'a', 'none'].map((run) => join(folder, run, 'record.json'));
    writeFileAtomic(paths[0]!, encodeRecord(record('b', '1', 0.5)));
    writeFileAtomic(paths[1]!, encodeRecord(record('a', '0', 0.25)));
    expect(loadRecords(paths).map(({ run }) => run)).toEqual(['a', 'b']);
  });

  it('become groups and an index', () => {
    const records = [record('a', '0', 0.25), record('b', '1', 0.5)];
    const groups = groupBy(records, ({ labels }) => labels.model);
    expect(groups.get('cnn')).toEqual(records);
    expect(indexValues(records[0]!, 'r2').get(rowKey('test', { held: 'y', target: 'x' }))).toBe(0.25);
    expect(indexValues(records[0]!, 'mse').size).toBe(0);
  });
});
