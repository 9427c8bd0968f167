import type { TopLevelSpec } from 'vega-lite';
import { displayName } from '../analysis/held-out.js';
import { groupUndecided } from '../analysis/ranks/nemenyi.js';
import type { RankedAlgorithms } from '../analysis/ranks/rank-algorithms.js';
import { captionPanel } from './fairness/words.js';
import type { Figure } from './figure.js';
import { loadTextMeasure } from './font-metrics.js';
import { type Layer, ruleLayer } from './marks.js';
import { palette, paperWidth, schema, theme } from './theme.js';

const level = 0.05;
const rowHeight = 12;
const barHeight = 5;
const thin = { color: palette.grey, dash: [1, 0] };
const thick = { color: palette.black, dash: [1, 0] };

/**
 * The diagram of Demšar (2006): mean ranks over environments on one line, the best on the left; a bar joins algorithms
 * whose mean ranks lie within the critical difference. Heights count points from the line down.
 */
export function drawCriticalDifference(ranked: RankedAlgorithms): Figure {
  const { algorithms, friedman, differences, rule, trials } = ranked;
  const { meanRanks, blocks, treatments } = friedman;
  const difference = differences[level]!;
  const groups = groupUndecided(meanRanks, difference);
  const names = placeNames(algorithms, meanRanks, 12 + barHeight * groups.length);
  const height = Math.max(...names.map(({ y }) => y)) + rowHeight / 2;
  const measure = loadTextMeasure();
  const widest = Math.max(...names.map(({ text }) => measure(text, 7))) + 6;
  const caption = [
    `Mean ranks over ${blocks} held-out environments, 1 for the highest accuracy (mean over ${trials} ${trials === 1 ? 'trial' : 'trials'}); runs selected by: ${rule.name}.`,
    groups.length === 0
      ? 'No two lie within the critical difference (Nemenyi, .05).'
      : 'A bar joins algorithms within the critical difference (CD; Nemenyi, .05), which cannot be told apart.',
    ...(Number.isNaN(friedman.fP)
      ? []
      : [
          `Friedman’s test, F of Iman and Davenport: p ${friedman.fP < 0.001 ? '< 0.001' : `= ${friedman.fP.toFixed(3)}`}.`,
        ]),
  ];
  return {
    panels: 1,
    specify: (width): TopLevelSpec => {
      // Names stand beside the line, inside the panel.
      const rankWidth = (treatments - 1) / Math.max(0.2, 1 - (2 * widest) / width);
      const edge = (rankWidth - (treatments - 1)) / 2;
      const domain = [1 - edge, treatments + edge] as const;
      return {
        $schema: schema,
        config: theme,
        spacing: 6,
        vconcat: [
          {
            width,
            height: height + headHeight,
            layer: drawLayers({ names, groups, meanRanks, difference, treatments, domain, height }),
          },
          captionPanel(caption, paperWidth - 8),
        ],
      };
    },
  };
}

/** For the critical difference and the numbers of the line. */
const headHeight = 30;

interface PlacedName {
  readonly text: string;
  readonly rank: number;
  readonly side: 'left' | 'right';
  readonly y: number;
}

/** The better half on the left, best on top; the others on the right, worst on top: no stroke crosses another. */
function placeNames(algorithms: readonly string[], meanRanks: readonly number[], top: number): PlacedName[] {
  const order = meanRanks.map((_, at) => at).sort((a, b) => meanRanks[a]! - meanRanks[b]!);
  const half = Math.ceil(order.length / 2);
  return order.map((at, place) => ({
    text: `${displayName(algorithms[at]!)} ${meanRanks[at]!.toFixed(2)}`,
    rank: meanRanks[at]!,
    side: place < half ? 'left' : 'right',
    y: top + rowHeight * (place < half ? place : order.length - 1 - place),
  }));
}

interface Drawn {
  readonly names: readonly PlacedName[];
  readonly groups: readonly (readonly number[])[];
  readonly meanRanks: readonly number[];
  readonly difference: number;
  readonly treatments: number;
  readonly domain: readonly [number, number];
  readonly height: number;
}

function drawLayers({ names, groups, meanRanks, difference, treatments, domain, height }: Drawn): Layer[] {
  const x = {
    field: 'x',
    type: 'quantitative' as const,
    scale: { domain: [...domain], nice: false, zero: false },
    axis: null,
  };
  const y = {
    field: 'y',
    type: 'quantitative' as const,
    scale: { domain: [height, -headHeight], nice: false, zero: false },
    axis: null,
  };
  const axes = { x, y };
  const texts = (
    values: readonly { readonly x: number; readonly y: number; readonly text: string }[],
    align: 'left' | 'center' | 'right',
  ): Layer => ({
    data: { values: values.map((value) => ({ ...value })) },
    mark: { type: 'text', align, baseline: 'middle', fontSize: 7, color: palette.black },
    encoding: { ...axes, text: { field: 'text', type: 'nominal' } },
  });
  const ends = { left: 1, right: treatments } as const;
  const gap = 0.02 * (domain[1] - domain[0]);
  const aside = (side: PlacedName['side']) => (side === 'left' ? ends.left - gap / 2 : ends.right + gap / 2);
  const ticks = Array.from({ length: treatments }, (_, at) => at + 1);
  const numbered = ticks.filter((tick) => treatments <= 12 || tick % 2 === 1);
  const ofSide = (side: PlacedName['side']) =>
    names
      .filter((name) => name.side === side)
      .map(({ text, y: at }) => ({ text, y: at, x: aside(side) + (side === 'left' ? -gap / 4 : gap / 4) }));
  return [
    ruleLayer([{ x: 1, x2: treatments, y: 0 }], axes, { x2: 'x2' }, thick, 0.8),
    ruleLayer(
      ticks.map((tick) => ({ x: tick, y: -3, y2: 0 })),
      axes,
      { y2: 'y2' },
      thick,
      0.8,
    ),
    texts(
      numbered.map((tick) => ({ x: tick, y: -8, text: String(tick) })),
      'center',
    ),
    ruleLayer([{ x: 1, x2: Math.min(treatments, 1 + difference), y: -20 }], axes, { x2: 'x2' }, thick, 1.2),
    ruleLayer(
      [1, Math.min(treatments, 1 + difference)].map((at) => ({ x: at, y: -22, y2: -18 })),
      ...([axes, { y2: 'y2' }, thick, 1.2] as const),
    ),
    texts(
      [{ x: 1 + Math.min(treatments - 1, difference) / 2, y: -26, text: describe(difference, treatments) }],
      'center',
    ),
    ruleLayer(
      names.map(({ rank, y: at }) => ({ x: rank, y: 0, y2: at })),
      axes,
      { y2: 'y2' },
      thin,
      0.6,
    ),
    ruleLayer(
      names.map(({ rank, side, y: at }) => ({ x: rank, x2: aside(side), y: at })),
      ...([axes, { x2: 'x2' }, thin, 0.6] as const),
    ),
    ruleLayer(
      groups.map((group, at) => ({
        x: meanRanks[group[0]!]! - gap / 5,
        x2: meanRanks[group.at(-1)!]! + gap / 5,
        y: 6 + barHeight * at,
      })),
      ...([axes, { x2: 'x2' }, thick, 2.4] as const),
    ),
    texts(ofSide('left'), 'right'),
    texts(ofSide('right'), 'left'),
  ];
}

/** A difference wider than the line is drawn as wide as it. */
function describe(difference: number, treatments: number): string {
  const beyond = difference > treatments - 1 ? ', wider than the line' : '';
  return `CD = ${difference.toFixed(2)}${beyond}`;
}
