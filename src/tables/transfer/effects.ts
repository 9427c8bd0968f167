import type { TransferAnalysis } from '../../analysis/transfer/analyse.js';
import type { Table } from '../table.js';
import { chance, columns, count, interval, percent, row, text, value } from './cells.js';

/** What the choices made in training do, all else being equal. */
export function tabulateEffects({ effects, level }: TransferAnalysis): Table {
  return {
    name: 'factor-effects',
    title: 'What each factor does: paired differences of matched networks',
    caption: [
      'Level less baseline, over pairs of networks that are equal in ID set and all other factors; OOD accuracy and effective robustness (probit axes) are means over the network’s OOD sets.',
      `Intervals: ${percent(level)}, over what stands beside them. p: two-sided exact sign test; Wilcoxon’s signed-rank test; the latter after Holm over all rows of the same outcome. The tests take matched pairs as independent, which networks of one ID set are not quite.`,
    ],
    stub: ['factor', 'level', 'baseline', 'within'],
    columns: columns(
      ...['pairs', 'difference', 'interval', 'over', 'above 0', 'p (sign)', 'p (Wilcoxon)', 'p (Holm)'],
    ),
    rows: effects.map((effect) => {
      const { tests } = effect;
      return row(
        [effect.factor, effect.level || '(none)', effect.baseline || '(none)', effect.within || 'all'],
        [
          ...[count(effect.pairs), value(effect.difference), interval(effect.interval), text(effect.over)],
          ...[text(`${tests.positive} of ${tests.nonzero}`), chance(tests.sign)],
          ...[chance(tests.wilcoxon), chance(effect.adjusted)],
        ],
        effect.outcome,
      );
    }),
  };
}

export function tabulateAnova({ anova }: TransferAnalysis): Table {
  return {
    name: 'anova',
    title: 'Main effects of the factors: analysis of variance',
    caption: [
      'Over networks, factors as categories, without interactions; sums of squares of type II (what is lost without the factor). η²: share of the total sum of squares. F and p take networks as independent.',
    ],
    stub: ['factor'],
    columns: columns('degrees of freedom', 'sum of squares', 'η²', 'F', 'p'),
    rows: anova.flatMap(({ outcome, networks, lines, residual, total }) => {
      const section = `${outcome}, ${networks.toLocaleString('en')} networks`;
      return [
        ...[...lines]
          .sort((a, b) => b.etaSquared - a.etaSquared)
          .map(({ factor, degrees, sumOfSquares, etaSquared, f, p }) =>
            row(
              [factor],
              [count(degrees), value(sumOfSquares), value(etaSquared), value(f), chance(p)],
              section,
            ),
          ),
        row(
          ['residual'],
          [
            count(residual.degrees),
            value(residual.sumOfSquares),
            value(residual.sumOfSquares / total),
            text(''),
            text(''),
          ],
          section,
        ),
      ];
    }),
  };
}
