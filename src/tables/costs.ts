import { displayName, type HeldOutResults, summarizeKey } from '../analysis/held-out.js';
import { rowKey } from '../analysis/records.js';
import type { Summary } from '../analysis/summary.js';
import { costMetrics } from '../evaluation/cost-metrics.js';
import { countRuns, toCell } from './held-out.js';
import { type Cell, missing, type Row, type Table } from './table.js';

/** What each model costs, beside its accuracy on every set that it was not trained on. */
export function tabulateCosts(
  results: (metric: string) => HeldOutResults,
  named: readonly string[],
  dataset: string,
): Omit<Table, 'name'> {
  const accuracy = results('accuracy');
  const { models, splits } = accuracy.order;
  const hasSet = (set: string) =>
    splits.some((split) =>
      models.some(
        (model) => summarizeKey(accuracy.find(dataset, model, split), rowKey(set, {})) !== undefined,
      ),
    );
  // A set that another dataset alone has is left out.
  const sets = named.filter(hasSet);
  const trained = rowKey('train', {});
  const rows = splits.flatMap((split) =>
    models.map((model): Row => {
      const cost = (metric: string) => summarizeKey(results(metric).find(dataset, model, split), trained);
      const runs = accuracy.find(dataset, model, split);
      return {
        header: [displayName(model)],
        section: split,
        ranked: true,
        cells: [
          count(cost(costMetrics.parameters), 0),
          count(cost(costMetrics.multiplyAdds), 2),
          toCell(cost(costMetrics.stepTime), true),
          ...sets.map((set) => toCell(summarizeKey(runs, rowKey(set, {})), true)),
          countRuns([runs.length]),
        ],
      };
    }),
  );
  return {
    title: `Size, time and accuracy by model on ${dataset}`,
    caption: [
      'parameters: trainable values; M multiply-adds: millions of multiplications with an addition that one more example costs in a forward pass; ms per step: median time of a training step, as it ran: on this machine, beside whatever else ran, a share of it for each of several replicas.',
    ],
    stub: ['model'],
    columns: [
      ...['parameters', 'M multiply-adds', 'ms per step'].map((label) => ({ label })),
      ...sets.map((label) => ({ label, best: 'highest' as const })),
      { label: 'n' },
    ],
    rows,
  };
}

/** The same in all runs of a model. */
function count(summary: Summary | undefined, digits: number): Cell {
  if (summary === undefined) return missing;
  const text = summary.mean.toLocaleString('en-US', { maximumFractionDigits: digits });
  return { kind: 'text', text };
}
