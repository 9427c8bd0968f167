import { displayName, type HeldOutResults, summarizeKey } from '../analysis/held-out.js';
import { rowKey } from '../analysis/records.js';
import { measureNames } from '../evaluation/generalisation/rows.js';
import { countRuns, toCell } from './held-out.js';
import type { Row, Table } from './table.js';

/** Measures of networks that may tell how they generalise, a row per model. */
export function tabulateMeasures(
  results: (metric: string) => HeldOutResults,
  dataset: string,
): Omit<Table, 'name'> {
  const key = rowKey('train', {});
  const { find, order } = results(measureNames[0]);
  const rowsOf = (split: string, model: string): Row[] => {
    const cells = measureNames.map((metric) =>
      toCell(summarizeKey(results(metric).find(dataset, model, split), key), true),
    );
    if (cells.every(({ kind }) => kind === 'missing')) return [];
    const runs = countRuns([find(dataset, model, split).filter((run) => run.has(key)).length]);
    return [{ header: [displayName(model)], section: split, ranked: false, cells: [...cells, runs] }];
  };
  return {
    title: `What may tell how networks generalise, on ${dataset}`,
    caption: [
      'Of the weights: sums of squares, and of squared distances from the start; logarithms of the products over layers of squared norms, spectral or of Frobenius; the sum over paths of products of squared weights.',
      'On training examples: the tenth percentile of the margins, by which complexities are divided, squared; 1/σ² of the noise on the weights that costs a tenth of the answers, of each weight or of its share (Jiang et al. 2020).',
    ],
    stub: ['model'],
    columns: [...measureNames.map((name) => ({ label: name.replaceAll('_', ' ') })), { label: 'n' }],
    rows: order.splits.flatMap((split) => order.models.flatMap((model) => rowsOf(split, model))),
  };
}
