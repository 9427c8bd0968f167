import type { TopLevelSpec } from 'vega-lite';
import type { Equivalence } from '../../analysis/fairness/study/equivalence.js';
import type { Summary } from '../../analysis/summary.js';
import type { Figure } from '../figure.js';
import { loadTextMeasure } from '../font-metrics.js';
import { type Layer, pointLayer, ruleLayer, titleLayer } from '../marks.js';
import { palette, paperWidth, schema, theme } from '../theme.js';
import { type Domain, isCut } from './scatter.js';
import { captionPanel, describeSeeds } from './words.js';

export interface EquivalenceFigure {
  readonly equivalence: Equivalence;
  readonly seeds: readonly string[];
}

interface Bar {
  readonly name: string;
  readonly summary: Summary;
  readonly look: { readonly color: string; readonly shape: string };
}

const looks = {
  plain: { color: palette.blue, shape: 'square' },
  heads: { color: palette.vermillion, shape: 'diamond' },
  goal: { color: palette.black, shape: 'circle' },
  control: { color: palette.grey, shape: 'triangle-up' },
} as const;
const rowHeight = 15;

/**
 * Whether a fair net is two heads in disguise: how often lines through the heads of another net decide as it does (claim
 * C1), and how accurate its own logit becomes with the group head added (C2), at test. Means with intervals as dots and
 * strokes, since what matters lies in a narrow range far from 0, where the length of a bar would mislead.
 */
export function drawAgreementAndRecovery({ equivalence, seeds }: EquivalenceFigure): Figure {
  const { agreement, recovery, strength } = equivalence;
  const panels = [
    {
      title: 'agreement with the fair net',
      axis: 'share of test people',
      bars: listBars([
        ['f > 0', agreement.raw, looks.plain],
        ['f, best threshold', agreement.offset, looks.plain],
        ['f and true group', agreement.trueGroup, looks.plain],
        ['f and g', agreement.bothHeads, looks.heads],
        ['ceiling: retrained', agreement.retrained, looks.goal],
        ['control: shuffled g', agreement.control, looks.control],
      ]),
    },
    {
      title: 'recovery of the unfair net',
      axis: 'accuracy at test',
      bars: listBars([
        ['fair net φ > 0', recovery.fair.accuracy, looks.plain],
        ['φ + c', recovery.offset.accuracy, looks.plain],
        ['φ + b g + c', recovery.withHead.accuracy, looks.heads],
        ['φ + b probe + c', recovery.withProbe?.accuracy, looks.plain],
        ['unconstrained net', recovery.unconstrained?.accuracy, looks.goal],
        ['control: shuffled g', recovery.control?.accuracy, looks.control],
      ]),
    },
  ];
  const cut = panels.some(({ bars }) => {
    const summaries = bars.map(({ summary }) => summary);
    return isCut(summaries, fitShares(summaries));
  });
  const caption = [
    `Fair net: regularised with λ = ${strength}, logit φ. f and g: heads for the target and the group of a net that no regulariser drew to parity. Lines, thresholds, b and c are chosen on validation.`,
    ...(recovery.withProbe === undefined ? [] : ['Probe: of the group, from the fair net’s own last layer.']),
    describeSeeds(seeds),
    ...(seeds.length > 1 ? ['Small dots: single seeds.'] : []),
    ...(cut ? ['Intervals that reach beyond the axes are cut.'] : []),
    'The axes do not begin at 0.',
  ];
  const rows = Math.max(...panels.map(({ bars }) => bars.length));
  const left = widestOf(panels[0]!.bars);
  return {
    panels: 2,
    specify: (width): TopLevelSpec => ({
      $schema: schema,
      config: theme,
      spacing: 8,
      vconcat: [
        { spacing: 12, hconcat: panels.map((panel) => drawPanel(panel, rows, width)) },
        captionPanel(caption, paperWidth - 8, -left),
      ],
    }),
  };
}

/** Width that the names of some bars take beside their panel. */
function widestOf(bars: readonly Bar[]): number {
  const measure = loadTextMeasure();
  return Math.max(...bars.map(({ name }) => measure(name, 7))) + 4;
}

function listBars(bars: readonly (readonly [string, Summary | undefined, Bar['look']])[]): Bar[] {
  return bars.flatMap(([name, summary, look]) => (summary === undefined ? [] : [{ name, summary, look }]));
}

function drawPanel(
  { title, axis, bars }: { readonly title: string; readonly axis: string; readonly bars: readonly Bar[] },
  rows: number,
  width: number,
) {
  const domain = fitShares(bars.map(({ summary }) => summary));
  const x = {
    type: 'quantitative' as const,
    scale: { domain: [...domain], nice: false, zero: false },
    axis: { title: axis, tickCount: 3, labelFlush: false, grid: true },
  };
  const names = bars.map(({ name }) => name);
  const y = {
    field: 'y',
    type: 'quantitative' as const,
    scale: { domain: [rows - 0.5, -0.5], nice: false, zero: false },
    axis: {
      values: names.map((_, row) => row),
      labelExpr: `${JSON.stringify(names)}[datum.value]`,
      ...{ labelOverlap: false as const, ticks: false, grid: false, title: null, labelPadding: 4 },
    },
  };
  const place = (field = 'x') => ({ x: { field, ...x }, y });
  const marks = bars.flatMap(({ summary: { mean, halfWidth, n, values }, look }, row): Layer[] => [
    ruleLayer(
      halfWidth === undefined
        ? []
        : [{ x: Math.max(domain[0], mean - halfWidth), x2: Math.min(domain[1], mean + halfWidth), y: row }],
      place(),
      { x2: 'x2' },
      { color: look.color, dash: [1, 0] },
      1.6,
    ),
    pointLayer(
      n === 1 ? [] : values.map((value) => ({ x: value, y: row + 0.3 })),
      place(),
      { color: look.color, shape: 'circle' },
      { size: 5, opacity: 0.7 },
    ),
    pointLayer([{ x: mean, y: row }], place(), look, { size: 34 }),
    {
      data: { values: [{}] },
      mark: {
        type: 'text',
        text: mean.toFixed(3),
        align: 'left',
        baseline: 'middle',
        fontSize: 6.5,
        color: palette.black,
      },
      encoding: { x: { value: width + 4 }, y: { value: (row + 0.5) * rowHeight } },
    },
  ]);
  return { width, height: rows * rowHeight, layer: [titleLayer(title, width), ...marks] };
}

/** All intervals, as far as they leave the means apart; shares end at 1. */
function fitShares(summaries: readonly Summary[]): Domain {
  const values = summaries.flatMap((summary) => [summary.mean, ...summary.values]);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const range = most - least || 0.1;
  const ends = summaries.flatMap(({ mean, halfWidth = 0 }) => [mean - halfWidth, mean + halfWidth]);
  const low = Math.max(Math.min(least, ...ends), least - range, 0);
  const high = Math.min(Math.max(most, ...ends), most + range, 1);
  const edge = 0.04 * (high - low || 0.1);
  return [low - edge, high + edge];
}
