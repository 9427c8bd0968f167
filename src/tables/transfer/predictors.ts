import type { TransferAnalysis } from '../../analysis/transfer/analyse.js';
import { anotherSet } from '../../analysis/transfer/predictors/predictors.js';
import type { Table } from '../table.js';
import { columns, count, interval, metricName, percent, row, value } from './cells.js';

/** What predicts OOD accuracy, the best first within each kind. */
export function tabulatePredictors({ predictors }: TransferAnalysis): Table {
  const kinds = [...new Set(predictors.map(({ kind }) => kind))];
  const order = (one: (typeof predictors)[number]) =>
    Number.isFinite(one.acrossTasks) ? one.acrossTasks : one.withinTasks;
  const name = (metric: string) => (metric === anotherSet ? metric : `ID ${metricName(metric)}`);
  return {
    name: 'ood-predictors',
    title: 'What predicts OOD accuracy',
    caption: [
      'Cross-validated R² of lines of least squares: 1 − Σ error² / Σ (OOD accuracy − mean where the line was fitted)², 0 for what is as good as that mean. Across tasks: each task left out in turn; within tasks: networks left out in five folds, errors of all tasks together.',
      'A row is a network on a pair of sets; with another OOD set one for each of these, of equal weight together.',
    ],
    stub: ['predictors'],
    columns: columns('across tasks', 'within tasks', 'rows', 'tasks'),
    rows: kinds.flatMap((kind) =>
      predictors
        .filter((one) => one.kind === kind)
        .sort((a, b) => order(b) - order(a))
        .map((one) =>
          row(
            [one.predictors.map(name).join(' + ')],
            [value(one.acrossTasks), value(one.withinTasks), count(one.rows), count(one.tasks)],
            kind,
          ),
        ),
    ),
  };
}

/** Which metrics go over from ID to OOD sets, the best first. */
export function tabulateMetricTransfer({ metricTransfer, level }: TransferAnalysis): Table {
  return {
    name: 'metric-transfer',
    title: 'How each metric goes over from ID to OOD sets',
    caption: [
      'Spearman’s correlation over networks of a metric on the ID set with itself on the OOD set, per pair: quartiles over pairs.',
      `Interval of the median: ${percent(level)} percentile bootstrap over ID sets, each with all of its pairs; none below three ID sets.`,
    ],
    stub: ['metric'],
    columns: columns('least', 'quartile', 'median', 'quartile', 'most', 'interval of median', 'pairs'),
    rows: metricTransfer.map(({ metric, spread, interval: ends }) =>
      row(
        [metricName(metric)],
        [
          ...[value(spread.least), value(spread.low), value(spread.median), value(spread.high)],
          ...[value(spread.most), interval(ends), count(spread.n)],
        ],
      ),
    ),
  };
}
