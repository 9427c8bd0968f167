import type { TopLevelSpec } from 'vega-lite';
import { boundChance } from '../../analysis/fairness/bounds/binomial-bounds.js';
import type { AnalysedPair } from '../../analysis/transfer/analyse.js';
import { type Axis, axes, clipAccuracy, toAxis } from '../../analysis/transfer/fits/axis.js';
import { place as placeOnAxis } from '../../analysis/transfer/fits/fit.js';
import { namePair, type TransferRecord } from '../../analysis/transfer/records.js';
import { captionPanel } from '../fairness/words.js';
import type { Figure } from '../figure.js';
import { type LegendEntry, legendPanel } from '../legend.js';
import { type Layer, lineLayer, pointLayer, ruleLayer, titleLayer } from '../marks.js';
import { lookOfModels, palette, schema, theme } from '../theme.js';
import { accuracyAxes, domainOf } from './axes.js';

const solid = [1, 0] as const;
const lineLook = { color: palette.black, dash: solid };
const equalLook = { color: palette.grey, dash: [3, 2] };
/** More networks than this stand without their intervals: bars would be all that is seen. */
const mostWithBars = 60;
const mostColors = 8;

export interface ScatterChoice {
  /** A factor of the networks whose levels have a colour and shape each. */
  readonly factor?: string | undefined;
  readonly level: number;
}

/** OOD against ID accuracy, a row per pair of one ID set, on three axes, with the line of least squares. */
export function drawIdOodScatter(pairs: readonly AnalysedPair[], choice: ScatterChoice): Figure {
  const levels = listLevels(
    pairs.flatMap(({ pair }) => pair.records),
    choice.factor,
  );
  const looks = lookOfModels(levels);
  const bars = Math.max(...pairs.map(({ pair }) => pair.records.length)) <= mostWithBars;
  const legend: LegendEntry[][] = [
    levels.length > 1
      ? levels.map((level, at) => ({
          kind: 'point',
          label: `${choice.factor} ${level || '(none)'}`,
          color: looks[at]!.color,
          shape: looks[at]!.shape,
        }))
      : [],
    [
      { kind: 'line', label: 'least squares', ...lineLook },
      { kind: 'line', label: 'OOD accuracy equal to ID accuracy', ...equalLook },
    ],
  ];
  const sentences = [
    'A point is a network, axes are accuracies in percent.',
    ...(bars ? [`Bars: exact ${100 * choice.level} % intervals of Clopper and Pearson, over examples.`] : []),
  ];
  return {
    panels: axes.length,
    specify: (width): TopLevelSpec => ({
      $schema: schema,
      config: theme,
      spacing: 6,
      vconcat: [
        legendPanel(
          legend.filter((entries) => entries.length > 0),
          (width + 12) * axes.length,
        ),
        {
          concat: pairs.flatMap((analysed) =>
            axes.map((axis, at) => ({
              width,
              height: Math.min(130, width),
              layer: drawPanel(analysed, axis, { first: at === 0, bars, levels, choice, width }),
            })),
          ),
          columns: axes.length,
          spacing: { column: 12, row: 12 },
        },
        captionPanel(sentences, (width + 12) * axes.length - 12),
      ],
    }),
  };
}

interface PanelLook {
  readonly first: boolean;
  readonly bars: boolean;
  readonly levels: readonly string[];
  readonly choice: ScatterChoice;
  readonly width: number;
}

function drawPanel(
  { pair, fits, regime }: AnalysedPair,
  axis: Axis,
  { first, bars, levels, choice, width }: PanelLook,
): Layer[] {
  const looks = lookOfModels(levels);
  const [xs, ys] = [placeOnAxis(pair, axis, 'id'), placeOnAxis(pair, axis, 'ood')];
  const domains = [domainOf([...xs]), domainOf([...ys])] as const;
  const place = accuracyAxes(axis, domains, {
    x: `${pair.id} (${axis})`,
    y: first ? pair.ood : null,
  });
  const fit = fits[axis];
  const [low, high] = domains[0];
  const line = Number.isFinite(fit.slope)
    ? [low, high].map((x) => ({ x, y: fit.intercept + fit.slope * x }))
    : [];
  const [from, to] = [Math.max(low, domains[1][0]), Math.min(high, domains[1][1])];
  const equal = from < to ? [from, to].map((both) => ({ x: both, y: both })) : [];
  const points = pair.records.map((record, at) => ({
    level: record.factors[choice.factor ?? ''] ?? '',
    x: xs[at]!,
    y: ys[at]!,
    ...boundsOf(record, axis, choice.level, domains),
  }));
  const strokes = { color: palette.grey, dash: solid };
  const number = (value: number) => value.toFixed(2).replace('-', '−');
  return [
    lineLayer(equal, place(), equalLook, 0.8),
    ...(bars
      ? [
          ruleLayer(
            points.map(({ level: _, ...own }) => own),
            place('x', 'low'),
            { y2: 'high' },
            strokes,
            0.5,
          ),
          ruleLayer(
            points.map(({ level: _, ...own }) => own),
            place('left', 'y'),
            { x2: 'right' },
            strokes,
            0.5,
          ),
        ]
      : []),
    ...levels.map((level, at) =>
      pointLayer(
        points.filter((point) => levels.length === 1 || point.level === level).map(({ x, y }) => ({ x, y })),
        place(),
        looks[at]!,
        { size: points.length > mostWithBars ? 5 : 12, opacity: points.length > mostWithBars ? 0.5 : 0.9 },
      ),
    ),
    lineLayer(line, place(), lineLook),
    titleLayer(
      first
        ? [namePair(pair), `${regime.regime}, slope ${number(fit.slope)}, R² ${number(fit.r2)}`]
        : ['', `slope ${number(fit.slope)}, R² ${number(fit.r2)}`],
      width,
    ),
  ];
}

/** Ends of the exact intervals on a scale, as far as the panel shows them. */
function boundsOf(
  { idMetrics, oodMetrics, idCount, oodCount }: TransferRecord,
  axis: Axis,
  level: number,
  [ofX, ofY]: readonly [readonly [number, number], readonly [number, number]],
): Readonly<Record<'left' | 'right' | 'low' | 'high', number>> {
  const ends = (accuracy: number, n: number, [least, most]: readonly [number, number]) => {
    const { low, high } = boundChance(Math.round(accuracy * n), n, 1 - level);
    const at = (share: number) => toAxis(axis, clipAccuracy(share, n));
    return [Math.max(least, at(low)), Math.min(most, at(high))] as const;
  };
  const [left, right] = ends(idMetrics.accuracy!, idCount, ofX);
  const [low, high] = ends(oodMetrics.accuracy!, oodCount, ofY);
  return { left, right, low, high };
}

/** Levels of a factor, at most eight; one empty level where there is no factor. */
function listLevels(records: readonly TransferRecord[], factor: string | undefined): string[] {
  if (factor === undefined) return [''];
  return [...new Set(records.map(({ factors }) => factors[factor] ?? ''))].slice(0, mostColors);
}

/** The factor that colours networks best: the first with two to eight levels. */
export function chooseColorFactor(records: readonly TransferRecord[], wanted?: string): string | undefined {
  const names = [...new Set(records.flatMap(({ factors }) => Object.keys(factors)))];
  const fits = (name: string) => {
    const { size } = new Set(records.map(({ factors }) => factors[name] ?? ''));
    return size >= 2 && size <= mostColors;
  };
  return [...(wanted === undefined ? [] : [wanted]), ...names].find(fits);
}
