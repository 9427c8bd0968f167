import type { FactorAnalysis } from '../../analysis/transfer/factor-analysis/factor-analysis.js';
import type { Cell, Column, Table } from '../table.js';
import { columns, row, text, value, variableName } from './cells.js';

/** Loadings after either rotation and of the principal components beside them. */
export function tabulateLoadings(analysis: FactorAnalysis): Table {
  const { variables, factors, extraction, varimax, promax, components, left } = analysis;
  const size = variables.length;
  const numbers = Array.from({ length: factors }, (_, at) => at);
  const of = (loadings: Float64Array, at: number) =>
    numbers.map((factor): Cell => value(loadings[at * factors + factor]!));
  const grouped = (group: string, prefix: string): Column[] =>
    numbers.map((factor) => ({ label: `${prefix}${factor + 1}`, group }));
  const explained = (loadings: Float64Array) =>
    numbers.map((factor): Cell => {
      let sum = 0;
      for (let at = 0; at < size; at++) sum += loadings[at * factors + factor]! ** 2;
      return value(sum / size);
    });
  const dominant = variables.map((_, at) => {
    const own = numbers.map((factor) => Math.abs(varimax.loadings[at * factors + factor]!));
    return own.indexOf(Math.max(...own));
  });
  const order = variables
    .map((_, at) => at)
    .sort((a, b) => {
      const [p, q] = [dominant[a]!, dominant[b]!];
      const size = (at: number, factor: number) => Math.abs(varimax.loadings[at * factors + factor]!);
      return p - q || size(b, q) - size(a, p);
    });
  return {
    name: 'factor-loadings',
    title: 'Factors behind the metrics',
    caption: [
      `Principal-axis factoring with iterated communalities (${extraction.iterations} rounds${extraction.converged ? '' : ', not converged'}) of ${size} variables that are standardised within their task, over ${analysis.rows.toLocaleString('en')} rows of ${analysis.networks.toLocaleString('en')} networks; varimax with Kaiser’s normalisation, promax with power 4 (pattern), principal components beside.`,
      ...(extraction.heywood ? ['A communality ran to 1 and was held there: take one factor less.'] : []),
      ...(factors > 1 ? [describeCorrelations(promax.correlations, factors)] : []),
      ...(left.length > 0
        ? [`Left out: ${left.map(({ name, reason }) => `${variableName(name)} (${reason})`).join(', ')}.`]
        : []),
    ],
    stub: ['variable'],
    columns: [
      ...grouped('varimax', 'F'),
      ...grouped('promax', 'F'),
      ...columns('communality'),
      ...grouped('principal components', 'PC'),
    ],
    rows: [
      ...order.map((at) =>
        row(
          [variableName(variables[at]!)],
          [
            ...of(varimax.loadings, at),
            ...of(promax.loadings, at),
            value(extraction.communalities[at]!),
            ...of(components, at),
          ],
        ),
      ),
      row(
        ['share of variance'],
        [
          ...explained(varimax.loadings),
          ...explained(promax.loadings),
          value(extraction.communalities.reduce((sum, own) => sum + own, 0) / size),
          ...explained(components),
        ],
      ),
    ],
  };
}

function describeCorrelations(correlations: Float64Array, factors: number): string {
  const words = Array.from({ length: factors }, (_, a) =>
    Array.from({ length: factors - 1 - a }, (_, by) => {
      const b = a + 1 + by;
      return `F${a + 1} and F${b + 1} ${correlations[a * factors + b]!.toFixed(2).replace('-', '−')}`;
    }),
  ).flat();
  return `Correlations of the promax factors: ${words.join(', ')}.`;
}

/** Eigenvalues beside those of chance: how many factors there are. */
export function tabulateEigenvalues({
  eigenvalues,
  chance,
  counts,
  networks,
  factors,
}: FactorAnalysis): Table {
  const total = eigenvalues.length;
  let reached = 0;
  return {
    name: 'factor-eigenvalues',
    title: 'How many factors: eigenvalues of the correlations',
    caption: [
      `Chance: what is reached in 95 of 100 draws of as many independent normal variables for ${networks.toLocaleString('en')} networks (Horn 1965). Above 1 (Kaiser): ${counts.kaiser}; above chance: ${counts.parallel}; taken: ${factors}.`,
    ],
    stub: ['component'],
    columns: columns('eigenvalue', 'chance', 'share of variance', 'together', 'above'),
    rows: Array.from(eigenvalues, (own, at) => {
      reached += own / total;
      const above = [...(own > 1 ? ['1'] : []), ...(own > chance[at]! ? ['chance'] : [])].join(', ');
      return row(
        [String(at + 1)],
        [value(own), value(chance[at]!), value(own / total), value(reached), text(above)],
      );
    }),
  };
}
