import { describe, expect, it } from 'vitest';
import { record } from '../testing/planted.js';
import { measureMetricTransfer } from './metric-transfer.js';

/** A metric that keeps its order from set to set, and one whose order is turned on some of them. */
const records = ['a', 'b', 'c', 'd'].flatMap((id, set) =>
  Array.from({ length: 8 }, (_, at) =>
    record(`n${at}`, 0.5 + at / 100, 0.3 + at / 100, {
      id,
      ood: 'z',
      idMetrics: { accuracy: 0.5 + at / 100, ece: at / 50, constant: 1 },
      oodMetrics: { accuracy: 0.3 + at / 100, ece: (set < 3 ? 8 - at : at) / 50, constant: 1 },
    }),
  ),
);

describe('metrics on ID and OOD sets', () => {
  const found = measureMetricTransfer(records);

  it('are compared pair by pair, the best first', () => {
    expect(found.map(({ metric }) => metric)).toEqual(['accuracy', 'ece']);
    expect(found[0]!.spread).toMatchObject({ least: 1, median: 1, most: 1, n: 4 });
    expect(found[1]!.pairs.map(({ spearman }) => spearman)).toEqual([-1, -1, -1, 1]);
    expect(found[1]!.spread).toMatchObject({ least: -1, median: -1, most: 1 });
  });

  it('have an interval over ID sets, from three on', () => {
    expect(found[1]!.interval!.low).toBe(-1);
    expect(found[1]!.interval!.high).toBeGreaterThanOrEqual(-1);
    const two = measureMetricTransfer(records.filter(({ id }) => id < 'c'));
    expect(two[0]!.interval).toBeUndefined();
  });
});
