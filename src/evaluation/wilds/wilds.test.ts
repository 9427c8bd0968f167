import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { evaluateAll, evaluateByGroup, evaluateByName } from './evaluate.js';
import { createGrouper } from './grouper.js';
import { accuracy, correlation, macroF1, macroRecall, squaredError } from './metrics.js';

interface Reference {
  readonly place: readonly number[];
  readonly camera: readonly number[];
  readonly y: readonly number[];
  readonly predicted: readonly number[];
  readonly groups: readonly number[];
  readonly names: readonly string[];
  readonly keys: readonly string[];
  readonly results: Readonly<Record<string, number>>;
  readonly true: readonly number[];
  readonly guess: readonly number[];
  readonly regression: Readonly<Record<string, number>>;
}

// Written by a numpy script after the definitions of WILDS 2.0.0 (grouper.py, metric.py, all_metrics.py).
const reference = JSON.parse(
  readFileSync(new URL('testing/reference.json', import.meta.url), 'utf8'),
) as Reference;
const metadata = [
  { name: 'place', values: reference.place, names: ['land', 'water'] },
  { name: 'camera', values: reference.camera },
  { name: 'y', values: reference.y },
];
const answers = { predicted: reference.predicted, actual: reference.y };

describe('groups of WILDS', () => {
  it('are numbered with the first field fastest, in the order of the metadata', () => {
    for (const by of [
      ['place', 'camera'],
      ['camera', 'place'],
    ]) {
      const grouper = createGrouper(metadata, by);
      expect(grouper).toMatchObject({ fields: ['place', 'camera'], count: 8 });
      expect([...grouper.groups]).toEqual(reference.groups);
      const groups = reference.names.map((_, group) => group);
      expect(groups.map(grouper.nameGroup)).toEqual(reference.names);
      expect(groups.map(grouper.keyGroup)).toEqual(reference.keys);
    }
  });

  it('are one where no field is named, and refuse a field that is not there', () => {
    const one = createGrouper(metadata, undefined);
    expect([one.count, one.nameGroup(0), new Set(one.groups)]).toEqual([1, 'all', new Set([0])]);
    expect(() => createGrouper(metadata, ['site'])).toThrow("there is no field 'site'");
  });
});

describe('metrics of WILDS', () => {
  const grouper = createGrouper(metadata, ['place', 'camera']);
  it('have its keys and values, over all and by group', () => {
    const found = [accuracy, macroRecall, macroF1].map((metric) => ({
      ...evaluateAll(metric, answers),
      ...evaluateByGroup(metric, answers, grouper),
    }));
    const all: Record<string, number> = Object.assign({}, ...found);
    expect(Object.keys(all).toSorted()).toEqual(Object.keys(reference.results).toSorted());
    for (const [key, value] of Object.entries(reference.results)) expect(all[key]).toBeCloseTo(value, 12);
    // A group without rows counts for nothing.
    expect([all['acc_group:4'], all['count_group:4'], all.acc_wg! > 0]).toEqual([0, 0, true]);
  });

  it('have the names of groups in the keys of an evaluation', () => {
    const found = evaluateByName(accuracy, answers, grouper);
    expect(found.acc_avg).toBeCloseTo(reference.results.acc_avg!, 12);
    expect(found['acc_camera:3_place:water']).toBeCloseTo(reference.results['acc_group:7']!, 12);
    expect(found['count_camera:3_place:water']).toBe(15);
    expect(found.acc_wg).toBeCloseTo(reference.results.acc_wg!, 12);
  });

  it('are of numbers, too: of an error the largest is worst', () => {
    const numbers = { predicted: reference.guess, actual: reference.true };
    const found = {
      ...evaluateAll(correlation, numbers),
      ...evaluateAll(squaredError, numbers),
      r_wg: evaluateByGroup(correlation, numbers, grouper).r_wg,
      mse_wg: evaluateByGroup(squaredError, numbers, grouper).mse_wg,
    };
    expect(Object.keys(found).toSorted()).toEqual(Object.keys(reference.regression).toSorted());
    for (const [key, value] of Object.entries(reference.regression)) {
      expect(found[key as keyof typeof found]).toBeCloseTo(value, 12);
    }
  });

  it('are 0 of no rows', () => {
    const none = { predicted: [], actual: [] };
    expect(evaluateAll(accuracy, none)).toEqual({ acc_avg: 0 });
    expect(evaluateByGroup(accuracy, none, createGrouper([], undefined))).toEqual({
      'acc_group:0': 0,
      'count_group:0': 0,
      acc_wg: 0,
    });
  });
});
