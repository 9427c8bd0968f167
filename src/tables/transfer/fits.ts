import type { TransferAnalysis } from '../../analysis/transfer/analyse.js';
import { axes } from '../../analysis/transfer/fits/axis.js';
import { namePair } from '../../analysis/transfer/records.js';
import { describeRegimes } from '../../analysis/transfer/regimes/regime.js';
import type { Table } from '../table.js';
import { columns, count, interval, percent, row, text, value } from './cells.js';

/** The line of every pair on every scale. */
export function tabulateFits({ pairs, level }: TransferAnalysis): Table {
  return {
    name: 'pair-fits',
    title: 'OOD accuracy on ID accuracy: lines of least squares',
    caption: [
      'Accuracies are clipped to [0.5/n, 1 − 0.5/n] and put on the axis; MAE: mean distance of OOD accuracy from the line, in accuracy points.',
      `Intervals: ${percent(level)} percentile bootstrap over networks, sets and examples as they are.`,
    ],
    stub: ['pair', 'axis'],
    columns: columns(
      ...['networks', 'slope', 'interval of slope', 'intercept', 'R²', 'interval of R²'],
      ...['Pearson', 'Spearman', 'Kendall', 'MAE'],
    ),
    rows: pairs.flatMap(({ pair, fits }) =>
      axes.map((axis) => {
        const { n, slope, intercept, r2, pearson, spearman, kendall, mae, intervals } = fits[axis];
        return row(
          [namePair(pair), axis],
          [
            ...[count(n), value(slope), interval(intervals.slope), value(intercept)],
            ...[
              value(r2),
              interval(intervals.r2),
              value(pearson),
              value(spearman),
              value(kendall),
              value(mae),
            ],
          ],
          pair.task,
        );
      }),
    ),
  };
}

/** The shape of every pair's scatter. */
export function tabulateRegimes({ pairs }: TransferAnalysis): Table {
  return {
    name: 'regimes',
    title: 'Shapes of the scatter of OOD on ID accuracy',
    caption: [describeRegimes(), 'Ranges: of the quartiles of accuracy over networks, in points.'],
    stub: ['pair'],
    columns: columns('shape', 'networks', 'Spearman', 'slope (probit)', 'ID range', 'OOD range'),
    rows: pairs.map(({ pair, regime }) =>
      row(
        [namePair(pair)],
        [
          ...[text(regime.regime), count(pair.records.length), value(regime.spearman)],
          ...[value(regime.slope), value(regime.idRange), value(regime.oodRange)],
        ],
        pair.task,
      ),
    ),
  };
}

/** Networks by how far they lie above the line of their pair. */
export function tabulateRobustness({ pairs }: TransferAnalysis): Table {
  return {
    name: 'effective-robustness',
    title: 'Effective robustness of every network',
    caption: [
      'OOD accuracy less what the pair’s line on probit axes says at the network’s ID accuracy (Taori et al. 2020), as a share of 1; the line is of all networks of the pair, itself included. The most robust first.',
    ],
    stub: ['network'],
    columns: columns('ID accuracy', 'OOD accuracy', 'effective robustness'),
    rows: pairs.flatMap(({ pair, fits }) =>
      pair.records
        .map((record, at) => ({ ...record, robustness: fits.probit.robustness[at]! }))
        .sort((a, b) => b.robustness - a.robustness)
        .map(({ network, idMetrics, oodMetrics, robustness }) =>
          row(
            [network],
            [value(idMetrics.accuracy), value(oodMetrics.accuracy), value(robustness)],
            namePair(pair),
          ),
        ),
    ),
  };
}
