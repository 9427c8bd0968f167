import type { TransferAnalysis } from '../../analysis/transfer/analyse.js';
import { namePair } from '../../analysis/transfer/records.js';
import type { Table } from '../table.js';
import { columns, count, interval, percent, row, value } from './cells.js';

/** How near estimates without labels come to OOD accuracy. */
export function tabulateLabelFree({ labelFree, level }: TransferAnalysis): Table {
  return {
    name: 'label-free',
    title: 'OOD accuracy estimated without labels',
    caption: [
      'MAE: mean distance of the estimate from OOD accuracy over networks, in accuracy points; ID accuracy stands for no estimate at all. Spearman: of estimates and OOD accuracies.',
      'ALine: agreement on the line (Baek et al. 2022); ATC: average thresholded confidence (Garg et al. 2022); DoC: difference of confidences (Guillory et al. 2021), without its regression. Confidences are taken as they are.',
      `Intervals: ${percent(level)} percentile bootstrap over networks, with the estimates as they are.`,
    ],
    stub: ['method'],
    columns: columns('MAE', 'interval', 'Spearman', 'networks'),
    rows: labelFree.flatMap(({ pair, errors, networks }) =>
      [...errors]
        .sort((a, b) => a.mae - b.mae)
        .map(({ method, mae, interval: ends, spearman }) =>
          row(
            [method],
            [value(mae), interval(ends), value(spearman), count(networks.length)],
            namePair(pair),
          ),
        ),
    ),
  };
}

/** Whether agreements lie on the line of accuracies. */
export function tabulateAgreement({ labelFree, pairs }: TransferAnalysis): Table {
  return {
    name: 'agreement-on-the-line',
    title: 'Agreement on the line: lines of agreements beside lines of accuracies',
    caption: [
      'On probit axes: OOD on ID agreement of pairs of networks, and OOD on ID accuracy of networks. ALine is to be trusted where R² of the agreements is high; its authors ask for 0.95.',
    ],
    stub: ['pair'],
    columns: [
      ...['R²', 'slope', 'intercept', 'pairs'].map((label) => ({ label, group: 'agreement' })),
      ...['R²', 'slope', 'intercept'].map((label) => ({ label, group: 'accuracy' })),
    ],
    rows: labelFree.flatMap(({ pair, agreement }) => {
      if (agreement === undefined) return [];
      const { line, agreements } = agreement;
      const fit = pairs.find((one) => one.pair === pair)?.fits.probit;
      return [
        row(
          [namePair(pair)],
          [
            ...[value(line.r2), value(line.slope), value(line.intercept), count(agreements.length)],
            ...[value(fit?.r2), value(fit?.slope), value(fit?.intercept)],
          ],
        ),
      ];
    }),
  };
}
