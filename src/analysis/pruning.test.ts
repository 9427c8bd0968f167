import { expect, it } from 'vitest';
import { accuracyRow, prunedAccuracy } from '../evaluation/circuits/pruning.js';
import { areaUnder, curveOf, listOrders, listPoints } from './pruning.js';
import { indexValues } from './records.js';

const row = (order: string, kept: number, value: number, draw = 0, set = 'iid') =>
  accuracyRow(set, { order, kept, of: 10, draw }, value, 100);
const rows = [
  row('whole', 10, 0.9),
  row('degree', 5, 0.8),
  row('degree', 1, 0.4),
  row('random', 5, 0.5),
  row('random', 5, 0.7, 1),
  row('degree', 5, 0.1, 0, 'mix'),
];
const record = { schema: 1, run: 'a', labels: {}, rows } as const;
const points = listPoints(indexValues(record, prunedAccuracy));
const iid = points.filter(({ set }) => set === 'iid');

it('reads points back from the rows of a record', () => {
  expect(points).toHaveLength(rows.length);
  expect(points[4]).toEqual({ set: 'iid', order: 'random', kept: 5, of: 10, draw: 1, value: 0.7 });
  expect(listOrders(iid)).toEqual(['degree', 'random']);
  expect(
    listPoints(
      new Map([
        ['iid', 0.5],
        ['iid target=shape', 0.3],
      ]),
    ),
  ).toEqual([]);
});

it('makes a curve of them that ends with the whole circuit, draws by their mean', () => {
  expect(curveOf(iid, 'degree')).toEqual([
    { share: 0.1, value: 0.4 },
    { share: 0.5, value: 0.8 },
    { share: 1, value: 0.9 },
  ]);
  expect(curveOf(iid, 'random')[0]!.value).toBeCloseTo(0.6);
  expect(curveOf(iid, 'hubs-first')).toEqual([]);
});

it('has the area under a curve as its mean height', () => {
  const area = areaUnder(curveOf(iid, 'degree'))!;
  expect(area).toBeCloseTo((0.4 * 0.6 + 0.5 * 0.85) / 0.9);
  expect(areaUnder([{ share: 1, value: 0.5 }])).toBeUndefined();
});
