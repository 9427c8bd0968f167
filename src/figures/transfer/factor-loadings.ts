import type { TopLevelSpec } from 'vega-lite';
import type { FactorAnalysis } from '../../analysis/transfer/factor-analysis/factor-analysis.js';
import { variableName } from '../../tables/transfer/cells.js';
import { pathLayer } from '../fairness/scatter.js';
import { captionPanel } from '../fairness/words.js';
import type { Figure } from '../figure.js';
import { legendPanel } from '../legend.js';
import { type Layer, pointLayer } from '../marks.js';
import { palette, schema, theme } from '../theme.js';
import { plainAxes } from './axes.js';

const rowHeight = 11;

/** Loadings after varimax and promax as a heat map with their numbers: blue above 0, orange below. */
export function drawFactorLoadings(analysis: FactorAnalysis): Figure {
  const { variables, factors, varimax, promax, extraction } = analysis;
  const order = orderVariables(analysis);
  const blocks = [
    ['varimax', varimax.loadings, factors],
    ...(factors > 1 ? [['promax', promax.loadings, factors] as const] : []),
    ['communality', extraction.communalities, 1],
  ] as const;
  const labels = order.map((at) => variableName(variables[at]!));
  return {
    panels: 1,
    specify: (width): TopLevelSpec => {
      const columns = blocks.reduce((sum, [, , count]) => sum + count, 0);
      const gap = 8;
      const cell = (width - gap * (blocks.length - 1)) / columns;
      let left = 0;
      const layer = blocks.flatMap(([title, loadings, count]): Layer[] => {
        const from = left;
        left += count * cell + gap;
        return drawBlock(title, { loadings, count, order, cell, from });
      });
      return {
        $schema: schema,
        config: theme,
        spacing: 8,
        vconcat: [
          {
            width,
            height: order.length * rowHeight,
            layer: [...drawLabels(labels), ...layer],
          },
          captionPanel(
            [
              `Loadings of ${variables.length} variables on ${factors} factors by principal axes, standardised within their task, over ${analysis.networks.toLocaleString('en')} networks.`,
            ],
            width,
          ),
        ],
      };
    },
  };
}

/** Variables by the varimax factor that they load on most, then by how much. */
function orderVariables({ variables, factors, varimax }: FactorAnalysis): number[] {
  const size = (at: number, factor: number) => Math.abs(varimax.loadings[at * factors + factor]!);
  const dominant = variables.map((_, at) => {
    const own = Array.from({ length: factors }, (_, factor) => size(at, factor));
    return own.indexOf(Math.max(...own));
  });
  return variables
    .map((_, at) => at)
    .sort((a, b) => dominant[a]! - dominant[b]! || size(b, dominant[b]!) - size(a, dominant[a]!));
}

interface Block {
  readonly loadings: Float64Array;
  readonly count: number;
  readonly order: readonly number[];
  readonly cell: number;
  readonly from: number;
}

function drawBlock(title: string, { loadings, count, order, cell, from }: Block): Layer[] {
  const cells = order.flatMap((at, row) =>
    Array.from({ length: count }, (_, column) => {
      const value = loadings[at * count + column]!;
      return {
        ...{ left: from + column * cell + 0.4, right: from + (column + 1) * cell - 0.4 },
        ...{ top: row * rowHeight + 0.4, bottom: (row + 1) * rowHeight - 0.4 },
        ...{ middle: from + (column + 0.5) * cell, centre: (row + 0.5) * rowHeight },
        color: colorOf(value),
        ink: Math.abs(value) > 0.55 ? 'white' : palette.black,
        label: value.toFixed(2).replace('-', '−').replace('0.', '.'),
      };
    }),
  );
  const fixed = (field: string) => ({ field, type: 'quantitative' as const, scale: null, axis: null });
  const heads = [
    { text: title, x: from + (count * cell) / 2, y: -15, weight: 'bold' as const },
    ...(count > 1
      ? Array.from({ length: count }, (_, at) => ({
          ...{ text: `F${at + 1}`, x: from + (at + 0.5) * cell, y: -5, weight: 'normal' as const },
        }))
      : []),
  ];
  return [
    {
      data: { values: cells },
      mark: { type: 'rect' },
      encoding: {
        ...{ x: fixed('left'), x2: { field: 'right' }, y: fixed('top'), y2: { field: 'bottom' } },
        color: { field: 'color', type: 'nominal', scale: null },
      },
    },
    {
      data: { values: cells },
      mark: { type: 'text', fontSize: 6, baseline: 'middle' },
      encoding: {
        ...{ x: fixed('middle'), y: fixed('centre'), text: { field: 'label' } },
        color: { field: 'ink', type: 'nominal', scale: null },
      },
    },
    ...heads.map(
      ({ text, x, y, weight }): Layer => ({
        data: { values: [{}] },
        mark: { type: 'text', text, fontSize: 7, fontWeight: weight, color: palette.black },
        encoding: { x: { value: x }, y: { value: y } },
      }),
    ),
  ];
}

/** Texts to the left of the panel. */
export function drawLabels(labels: readonly string[], height = rowHeight): Layer[] {
  return labels.map(
    (text, row): Layer => ({
      data: { values: [{}] },
      mark: { type: 'text', text, align: 'right', baseline: 'middle', fontSize: 7, color: palette.black },
      encoding: { x: { value: -4 }, y: { value: (row + 0.5) * height } },
    }),
  );
}

const [above, below] = [
  [0, 114, 178],
  [213, 94, 0],
] as const;

function colorOf(value: number): string {
  const share = Math.min(1, Math.abs(value));
  const target = value >= 0 ? above : below;
  const [red, green, blue] = target.map((channel) => Math.round(255 + share * (channel - 255)));
  return `rgb(${red},${green},${blue})`;
}

/** Eigenvalues in falling order beside those of chance. */
export function drawScree({ eigenvalues, chance, counts, factors }: FactorAnalysis): Figure {
  const points = (values: Float64Array) => Array.from(values, (y, at) => ({ x: at + 1, y }));
  const domains = [
    [0.5, eigenvalues.length + 0.5],
    [0, 1.06 * Math.max(eigenvalues[0]!, chance[0]!)],
  ] as const;
  const place = plainAxes(domains, { x: 'component', y: 'eigenvalue' }, [
    Math.min(15, eigenvalues.length),
    6,
  ]);
  const [own, others] = [
    { color: palette.blue, shape: 'circle', dash: [1, 0] },
    { color: palette.vermillion, shape: 'diamond', dash: [4, 2] },
  ];
  const one = { color: palette.grey, dash: [2, 2] };
  return {
    panels: 1,
    specify: (width): TopLevelSpec => ({
      $schema: schema,
      config: theme,
      spacing: 6,
      vconcat: [
        legendPanel(
          [
            [
              { kind: 'line', label: 'correlations of the metrics', ...own },
              { kind: 'line', label: 'chance, 95 of 100 draws', ...others },
              { kind: 'line', label: '1 (Kaiser)', ...one },
            ],
          ],
          width,
        ),
        {
          width,
          height: 150,
          layer: [
            pathLayer(
              [
                { x: domains[0][0], y: 1 },
                { x: domains[0][1], y: 1 },
              ],
              place(),
              one,
            ),
            pathLayer(points(chance), place(), others),
            pointLayer(points(chance), place(), others, { size: 14 }),
            pathLayer(points(eigenvalues), place(), own),
            pointLayer(points(eigenvalues), place(), own, { size: 18 }),
          ],
        },
        captionPanel(
          [`Above 1: ${counts.kaiser} components; above chance: ${counts.parallel}; taken: ${factors}.`],
          width,
        ),
      ],
    }),
  };
}
