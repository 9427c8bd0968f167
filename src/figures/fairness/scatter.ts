import type { Summary } from '../../analysis/summary.js';
import { loadTextMeasure } from '../font-metrics.js';
import { type Axes, type Layer, ruleLayer } from '../marks.js';
import { palette } from '../theme.js';
import { placeLabels } from './place-labels.js';

/** A mean with its interval on both axes. */
export interface Crossed {
  readonly x: Summary;
  readonly y: Summary;
}

export type Domain = readonly [low: number, high: number];

const solid = [1, 0] as const;
/** How far intervals may stretch an axis beyond its means, by the range of these. */
const stretch = 0.35;
/** So that values that are alike still have an axis. */
const narrowest = 0.02;

/**
 * An axis that shows all means and other values, and intervals as far as they leave the means apart: one that comes from
 * runs far from each other would press everything else into a corner.
 */
export function fitDomain(summaries: readonly Summary[], others: readonly number[] = []): Domain {
  const shown = [...summaries.map(({ mean }) => mean), ...others];
  const [least, most] = [Math.min(...shown), Math.max(...shown)];
  const range = most - least || 0.1;
  const ends = summaries.flatMap(({ mean, halfWidth = 0 }) =>
    2 * halfWidth > range ? [] : [mean - halfWidth, mean + halfWidth],
  );
  const low = Math.max(Math.min(least, ...ends), least - stretch * range);
  const high = Math.min(Math.max(most, ...ends), most + stretch * range);
  const edge = Math.max(0.04 * (high - low), (narrowest - (high - low)) / 2);
  return [low - edge, high + edge];
}

/**
 * Where a few values lie so far below all others that one axis would press these together: a value between them. Undefined
 * where they are not so far, or not so few.
 */
export function findFall(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((p, q) => p - q);
  const few = Math.floor(sorted.length / 4);
  const range = sorted.at(-1)! - sorted[0]!;
  const falls = Array.from({ length: few }, (_, at) => ({
    size: sorted[at + 1]! - sorted[at]!,
    middle: (sorted[at + 1]! + sorted[at]!) / 2,
  }));
  return falls.find(({ size }) => size > 0.45 * range)?.middle;
}

/** Whether some interval does not fit. */
export function isCut(summaries: readonly Summary[], [low, high]: Domain): boolean {
  return summaries.some(({ mean, halfWidth = 0 }) => mean - halfWidth < low || mean + halfWidth > high);
}

/** Thin crosses of intervals; none where a mean is of one run. */
export function crossLayers(
  points: readonly Crossed[],
  place: (x: string, y: string) => Axes,
  color: string,
  [ofX, ofY]: readonly [Domain, Domain],
): Layer[] {
  const look = { color, dash: solid };
  const across = points.flatMap(({ x, y }) => {
    const ends = endsOf(x, ofX);
    return ends === undefined ? [] : [{ x: ends[0], x2: ends[1], y: y.mean }];
  });
  const upright = points.flatMap(({ x, y }) => {
    const ends = endsOf(y, ofY);
    return ends === undefined ? [] : [{ x: x.mean, y: ends[0], y2: ends[1] }];
  });
  return [
    ruleLayer(across, place('x', 'y'), { x2: 'x2' }, look, 0.6, 0.45),
    ruleLayer(upright, place('x', 'y'), { y2: 'y2' }, look, 0.6, 0.45),
  ];
}

function endsOf({ mean, halfWidth }: Summary, [low, high]: Domain): Domain | undefined {
  return halfWidth === undefined
    ? undefined
    : [Math.max(low, mean - halfWidth), Math.min(high, mean + halfWidth)];
}

/** A line through points in their own order, straight or as a staircase. */
export function pathLayer(
  points: readonly { readonly x: number; readonly y: number }[],
  axes: Axes,
  { color, dash = solid, width = 1, opacity = 1, stairs = false }: PathLook,
): Layer {
  return {
    data: { values: points.map(({ x, y }, at) => ({ x, y, at })) },
    mark: {
      type: 'line',
      color,
      strokeDash: [...dash],
      strokeWidth: width,
      opacity,
      ...(stairs ? { interpolate: 'step-after' as const } : {}),
    },
    encoding: { ...axes, order: { field: 'at', type: 'quantitative' } },
  };
}

export interface PathLook {
  readonly color: string;
  readonly dash?: readonly number[];
  readonly width?: number;
  readonly opacity?: number;
  readonly stairs?: boolean;
}

/** A straight line across the panel at one value. */
export function levelLayer(
  axis: 'x' | 'y',
  value: number,
  axes: Axes,
  look: { readonly color: string; readonly dash: readonly number[] },
): Layer {
  return {
    data: { values: [{ [axis]: value }] },
    mark: { type: 'rule', color: look.color, strokeDash: [...look.dash], strokeWidth: 0.9 },
    encoding: axis === 'x' ? { x: axes.x! } : { y: axes.y! },
  };
}

/** Places marks by fields, on axes of gap and accuracy; the first without a title has no labels either. */
export function makePlace(
  [x, y]: readonly [Domain, Domain],
  titles: { readonly x: readonly string[]; readonly y: readonly string[] },
  [countX, countY]: readonly [number, number] = [8, 6],
): (fieldX?: string, fieldY?: string) => Axes {
  const axisOf = (domain: Domain, title: readonly string[], tickCount: number, labels: boolean) => ({
    type: 'quantitative' as const,
    scale: { domain: [...domain], nice: false, zero: false },
    axis: { title: title.length === 0 ? null : [...title], tickCount, labels, grid: true },
  });
  const across = axisOf(x, titles.x, countX, titles.x.length > 0);
  const upright = axisOf(y, titles.y, countY, true);
  return (fieldX = 'x', fieldY = 'y') => ({
    x: { field: fieldX, ...across },
    y: { field: fieldY, ...upright },
  });
}

/** Where a value lies in a panel, in points from its left or upper edge. */
export function toSpot(
  { x, y }: { readonly x: number; readonly y: number },
  [ofX, ofY]: readonly [Domain, Domain],
  { width, height }: { readonly width: number; readonly height: number },
): { x: number; y: number } {
  const share = (value: number, [low, high]: Domain) => (value - low) / (high - low);
  return { x: share(x, ofX) * width, y: (1 - share(y, ofY)) * height };
}

/** Texts beside marks, with a thin line to those that stand away from them. */
export function labelLayers(
  marks: readonly { readonly x: number; readonly y: number; readonly text: string }[],
  others: readonly { readonly x: number; readonly y: number }[],
  domains: readonly [Domain, Domain],
  panel: { readonly width: number; readonly height: number },
  size = 6.5,
): Layer[] {
  const spots = marks.map(({ text, ...at }) => ({ text, ...toSpot(at, domains, panel) }));
  const taken = others.map((at) => toSpot(at, domains, panel));
  const data = { values: [{}] };
  const measure = loadTextMeasure();
  return placeLabels(spots, taken, { ...panel, size }).flatMap(({ text, x, y, away }, at): Layer[] => [
    ...(away
      ? [
          {
            data,
            mark: { type: 'rule' as const, color: palette.grey, strokeWidth: 0.4 },
            encoding: {
              x: { value: spots[at]!.x },
              y: { value: spots[at]!.y },
              x2: { value: x },
              y2: { value: y },
            },
          },
        ]
      : []),
    {
      // So that lines behind a text do not strike it out.
      data,
      mark: { type: 'rect', color: 'white', opacity: 0.8 },
      encoding: {
        x: { value: x - measure(text, size) / 2 - 1 },
        x2: { value: x + measure(text, size) / 2 + 1 },
        y: { value: y - size / 2 },
        y2: { value: y + size / 2 },
      },
    },
    {
      data,
      mark: { type: 'text', text, fontSize: size, baseline: 'middle', color: palette.black },
      encoding: { x: { value: x }, y: { value: y } },
    },
  ]);
}
