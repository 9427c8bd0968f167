import { displayName, type HeldOutResults, summarizeKey } from '../analysis/held-out.js';
import { rowKey } from '../analysis/records.js';
import type { RecordRow } from '../evaluation/predictions.js';
import { shiftMetrics } from '../evaluation/shift/rows.js';
import { countRuns, toCell } from './held-out.js';
import type { Row, Table } from './table.js';

const shown = [
  ['diversity shift', shiftMetrics.diversity],
  ['correlation shift', shiftMetrics.correlation],
  ['sides told', shiftMetrics.accuracy],
] as const;

/** How far sets are from another one, a row per pair and model whose layers the classifier of sides had. */
export function tabulateShift(
  results: (metric: string) => HeldOutResults,
  rows: readonly RecordRow[],
  dataset: string,
): Omit<Table, 'name'> {
  const measured = rows.filter(({ metric }) => metric === shiftMetrics.diversity);
  const { find, order } = results(shiftMetrics.diversity);
  const pairs = [...new Set(measured.map(({ set, group }) => JSON.stringify([group.from, set])))].map(
    (pair) => JSON.parse(pair) as readonly [from: string, to: string],
  );
  const rowsOf = (split: string, model: string): Row[] =>
    pairs.flatMap(([from, to]) => {
      const key = rowKey(to, { from });
      const cells = shown.map(([, metric]) =>
        toCell(summarizeKey(results(metric).find(dataset, model, split), key), true),
      );
      if (cells.every(({ kind }) => kind === 'missing')) return [];
      const runs = countRuns([find(dataset, model, split).filter((run) => run.has(key)).length]);
      return [
        {
          header: [`${from} to ${to}`, displayName(model)],
          section: split,
          ranked: false,
          cells: [...cells, runs],
        },
      ];
    });
  return {
    title: `How far sets are from each other on ${dataset}`,
    caption: [
      'Diversity shift: half the difference of the densities of features where only one set has any; correlation shift: half the difference of what features say of the class where both have, each 0 to 1 (Ye et al. 2022), by kernel density estimates of held-out examples.',
      'Sides told: share of held-out examples whose set is told by the classifier that features are from, given their class; 0.5 is chance.',
    ],
    stub: ['sets', 'layers'],
    columns: [...shown.map(([label]) => ({ label })), { label: 'n' }],
    rows: order.splits.flatMap((split) => order.models.flatMap((model) => rowsOf(split, model))),
  };
}
