import { displayName, type HeldOutResults, summarizeKey } from '../analysis/held-out.js';
import { rowKey } from '../analysis/records.js';
import type { RecordRow } from '../evaluation/predictions.js';
import { type ProbeName, probeMetrics } from '../evaluation/probes/rows.js';
import { countRuns, toCell } from './held-out.js';
import type { Column, Row, Table } from './table.js';

/** What each column shows: a metric of a probe. */
const shown: readonly { readonly column: Column; readonly metric: string; readonly probe: ProbeName }[] = [
  ...(['logistic', 'mlp'] as const).map((probe) => ({
    column: { group: 'probe accuracy', label: probe === 'mlp' ? 'MLP' : probe },
    metric: probeMetrics.accuracy,
    probe,
  })),
  ...(['majority', 'random-initialisation', 'shuffled', 'raw-inputs'] as const).map((probe) => ({
    column: { group: 'accuracy of baselines', label: probe.replaceAll('-', ' ') },
    metric: probeMetrics.accuracy,
    probe,
  })),
  {
    column: { group: 'logistic probe', label: 'balanced accuracy' },
    metric: probeMetrics.balancedAccuracy,
    probe: 'logistic',
  },
  { column: { group: 'logistic probe', label: 'AUC' }, metric: probeMetrics.auc, probe: 'logistic' },
];

/** How well a protected variable is told from the last hidden layer, per model; a section per split, variable and set. */
export function tabulateAwareness(
  results: (metric: string) => HeldOutResults,
  rows: readonly RecordRow[],
  dataset: string,
): Omit<Table, 'name'> {
  const { models, splits } = results(probeMetrics.accuracy).order;
  const probed = rows.filter(({ metric }) => metric === probeMetrics.accuracy);
  const variables = [...new Set(probed.map(({ group }) => group.protected!))];
  const sets = [...new Set(probed.map(({ set }) => set))];
  const sections = splits.flatMap((split) =>
    variables.flatMap((variable) => sets.map((set) => ({ split, variable, set }))),
  );
  return {
    title: `Awareness of ${variables.join(' and ')} by model on ${dataset}`,
    caption: [
      'Share of examples whose group is told from the last hidden layer of the trained network, by a converged logistic regression (its penalty chosen on the validation set) and by an MLP with one hidden layer; balanced accuracy is the mean over the groups.',
      'Baselines: majority answers with the most frequent group; the others are logistic regressions of the same network before training, of the trained network with groups that were shuffled, and of the inputs themselves.',
    ],
    stub: ['model'],
    columns: [...shown.map(({ column }) => column), { label: 'n' }],
    rows: sections.flatMap(({ split, variable, set }) =>
      models.flatMap((model): Row[] => {
        const cells = shown.map(({ metric, probe }) => {
          const key = rowKey(set, { protected: variable, probe });
          return toCell(summarizeKey(results(metric).find(dataset, model, split), key), true);
        });
        if (cells.every(({ kind }) => kind === 'missing')) return [];
        const runs = countRuns([results(probeMetrics.accuracy).find(dataset, model, split).length]);
        const section = `${split}: ${variable}, ${set}`;
        return [{ header: [displayName(model)], section, ranked: true, cells: [...cells, runs] }];
      }),
    ),
  };
}
