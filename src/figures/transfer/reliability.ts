import type { TopLevelSpec } from 'vega-lite';
import type { ReliabilityBin } from '../../evaluation/metrics/binned-calibration.js';
import { pathLayer } from '../fairness/scatter.js';
import { captionPanel } from '../fairness/words.js';
import type { Figure } from '../figure.js';
import { legendPanel } from '../legend.js';
import { type Layer, pointLayer, titleLayer } from '../marks.js';
import { palette, schema, theme } from '../theme.js';
import { plainAxes } from './axes.js';

/** Networks of one ID set on one set. */
export interface SetReliability {
  /** Name of the set, and whether it is ID. */
  readonly title: readonly string[];
  /** Bins of every network. */
  readonly networks: readonly (readonly ReliabilityBin[])[];
}

const [together, single, equal] = [
  { color: palette.blue, shape: 'circle', dash: [1, 0] },
  { color: palette.grey, dash: [1, 0] },
  { color: palette.black, dash: [3, 2] },
];
/** More networks than this are shown together only. */
const mostSingle = 60;

/** Reliability diagrams: accuracy against confidence, a panel per set, with the share of examples below. */
export function drawReliability(sets: readonly SetReliability[], bins: number): Figure {
  const columns = Math.min(3, sets.length);
  return {
    panels: columns,
    specify: (width): TopLevelSpec => {
      const side = Math.min(width, 170);
      return {
        $schema: schema,
        config: theme,
        spacing: 6,
        vconcat: [
          legendPanel(
            [
              [
                { kind: 'line', label: 'all networks together', ...together },
                { kind: 'line', label: 'one network', ...single },
                { kind: 'line', label: 'calibrated', ...equal },
                { kind: 'area', label: 'share of examples', color: palette.sky },
              ],
            ],
            (width + 12) * columns,
          ),
          {
            concat: sets.map((set, at) => ({
              width,
              height: side,
              layer: drawPanel(set, { first: at % columns === 0, width }),
            })),
            columns,
            spacing: { column: 12, row: 12 },
          },
          captionPanel(
            [
              `${bins} bins of equal width on the probability of the answer, closed below; empty ones are left out.`,
            ],
            (width + 12) * columns - 12,
          ),
        ],
      };
    },
  };
}

function drawPanel(
  { title, networks }: SetReliability,
  { first, width }: { readonly first: boolean; readonly width: number },
): Layer[] {
  const place = plainAxes(
    [
      [0, 1],
      [0, 1],
    ],
    { x: 'confidence', y: first ? 'accuracy' : null },
    [5, 5],
  );
  const trace = (bins: readonly ReliabilityBin[]) =>
    bins.flatMap(({ n, confidence, accuracy }) => (n > 0 ? [{ x: confidence, y: accuracy }] : []));
  const pooled = poolBins(networks);
  const total = pooled.reduce((sum, { n }) => sum + n, 0);
  const shares = pooled.map(({ n }, at) => ({
    ...{ x: (at + 0.06) / pooled.length, x2: (at + 0.94) / pooled.length, y: 0, y2: n / total },
  }));
  return [
    {
      data: { values: shares },
      mark: { type: 'rect', color: palette.sky, opacity: 0.45 },
      encoding: { ...place(), x2: { field: 'x2' }, y2: { field: 'y2' } },
    },
    pathLayer(
      [
        { x: 0, y: 0 },
        { x: 1, y: 1 },
      ],
      place(),
      { ...equal, width: 0.8 },
    ),
    ...(networks.length <= mostSingle
      ? networks.map((bins) => pathLayer(trace(bins), place(), { ...single, width: 0.5, opacity: 0.4 }))
      : []),
    pathLayer(trace(pooled), place(), { ...together, width: 1.4 }),
    pointLayer(trace(pooled), place(), together, { size: 14 }),
    titleLayer(title, width),
  ];
}

/** Bins of all networks as if they were one. */
export function poolBins(networks: readonly (readonly ReliabilityBin[])[]): ReliabilityBin[] {
  const count = networks[0]?.length ?? 0;
  return Array.from({ length: count }, (_, at) => {
    const own = networks.map((bins) => bins[at]!).filter(({ n }) => n > 0);
    const n = own.reduce((sum, bin) => sum + bin.n, 0);
    const mean = (of: (bin: ReliabilityBin) => number) =>
      own.reduce((sum, bin) => sum + bin.n * of(bin), 0) / n;
    return {
      n,
      accuracy: mean(({ accuracy }) => accuracy),
      confidence: mean(({ confidence }) => confidence),
    };
  });
}
