import { displayName, type HeldOutResults, summarizeKey } from '../analysis/held-out.js';
import { rowKey } from '../analysis/records.js';
import { detectionMetrics } from '../evaluation/detection/rows.js';
import type { RecordRow } from '../evaluation/predictions.js';
import { countRuns, toCell } from './held-out.js';
import type { Column, Row, Table } from './table.js';

const shown: readonly (readonly [Column, string])[] = [
  [{ label: 'AUROC', best: 'highest' }, detectionMetrics.auroc],
  [{ label: 'FPR at 95 % TPR', best: 'lowest' }, detectionMetrics.fpr95],
  [{ label: 'AUPR in', best: 'highest' }, detectionMetrics.auprIn],
  [{ label: 'AUPR out', best: 'highest' }, detectionMetrics.auprOut],
];

const scoreNames: Readonly<Record<string, string>> = {
  msp: 'MSP',
  mahalanobis: 'Mahalanobis',
  knn: 'kNN',
  vim: 'ViM',
};

/** How well a set in distribution is told from another one, a row per model and score; a section per split and pair. */
export function tabulateDetection(
  results: (metric: string) => HeldOutResults,
  rows: readonly RecordRow[],
  dataset: string,
): Omit<Table, 'name'> {
  const detected = rows.filter(({ metric }) => metric === detectionMetrics.auroc);
  const { find, order } = results(detectionMetrics.auroc);
  const scores = [...new Set(detected.map(({ group }) => group.score!))];
  const pairs = [...new Set(detected.map(({ set, group }) => JSON.stringify([group.in, set])))].map(
    (pair) => JSON.parse(pair) as readonly [inside: string, outside: string],
  );
  const rowsOf = (split: string, [inside, outside]: readonly [string, string]) =>
    order.models.flatMap((model) =>
      scores.flatMap((score): Row[] => {
        const key = rowKey(outside, { score, in: inside });
        const cells = shown.map(([, metric]) =>
          toCell(summarizeKey(results(metric).find(dataset, model, split), key), true),
        );
        if (cells.every(({ kind }) => kind === 'missing')) return [];
        const runs = countRuns([find(dataset, model, split).filter((run) => run.has(key)).length]);
        const header = [displayName(model), scoreNames[score] ?? score];
        return [
          { header, section: `${split}: ${outside} from ${inside}`, ranked: true, cells: [...cells, runs] },
        ];
      }),
    );
  return {
    title: `How well other sets are told from one in distribution on ${dataset}`,
    caption: [
      'Examples out of distribution are positive. AUROC: share of pairs in which the one in distribution scores higher; FPR at 95 % TPR: share of those in distribution that are refused at the first threshold that refuses 95 % of the others; AUPR: area under precision by recall, of the one kind or of the other.',
      'MSP: largest probability; energy: log Σ exp of the logits; Mahalanobis: distance of the features from the nearest class mean; kNN: from the k-th nearest training example; ViM: energy less what the features have outside of the principal space of training.',
    ],
    stub: ['model', 'score'],
    columns: [...shown.map(([column]) => column), { label: 'n' }],
    rows: order.splits.flatMap((split) => pairs.flatMap((pair) => rowsOf(split, pair))),
  };
}
