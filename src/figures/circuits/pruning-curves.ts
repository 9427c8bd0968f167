import type { TopLevelSpec } from 'vega-lite';
import { displayName } from '../../analysis/held-out.js';
import { curveOf, listOrders, type PrunedPoint } from '../../analysis/pruning.js';
import { groupBy } from '../../analysis/records.js';
import { type Summary, summarize } from '../../analysis/summary.js';
import type { Figure } from '../figure.js';
import { type LegendEntry, legendPanel } from '../legend.js';
import { type Layer, lineLayer, pointLayer, ruleLayer, titleLayer } from '../marks.js';
import { lookOfModels, palette, schema, theme } from '../theme.js';

/** What was measured of the circuits of one arm: points of every run. */
export interface PruningArm {
  readonly name: string;
  readonly accuracy: readonly (readonly PrunedPoint[])[];
  readonly speed: readonly (readonly PrunedPoint[])[];
}

const dashes: Readonly<Record<string, readonly number[]>> = {
  degree: [1, 0],
  random: [3, 1.5],
  'hubs-first': [1, 1.5],
};
const words: Readonly<Record<string, string>> = {
  degree: 'fewest links go first',
  random: 'random',
  'hubs-first': 'hubs go first',
};
const columns = 3;

/**
 * Accuracy by the share of processors that stay, a panel per set, and images per second in the last one: mean over
 * runs with its 95 % interval; of a single run, over the draws of its random order.
 */
export function drawPruningCurves(arms: readonly PruningArm[]): Figure {
  const looks = lookOfModels(arms.map(({ name }) => name));
  const all = arms.flatMap(({ accuracy }) => accuracy.flat());
  const sets = [...new Set(all.map(({ set }) => set))];
  const orders = Object.keys(dashes).filter((order) => listOrders(all).includes(order));
  const least = Math.min(...all.map(({ value }) => value));
  const fastest = Math.max(...arms.flatMap(({ speed }) => speed.flat().map(({ value }) => value)));
  const legend: LegendEntry[][] = [
    arms.map(({ name }, index) => ({ kind: 'point', label: displayName(name), ...looks[index]! })),
    orders.map((order) => ({
      kind: 'line',
      label: words[order]!,
      color: palette.black,
      dash: dashes[order]!,
    })),
    [
      {
        kind: 'line',
        label: 'mean over runs; upright strokes: its 95 % interval (of a single run: over its random draws)',
        color: palette.black,
      },
    ],
  ];
  const panels = [
    ...sets.map((set) => ({
      title: set.replaceAll('_', ' '),
      labelExpr: 'format(datum.value, ".1f")',
      domain: [Math.max(0, Math.floor(10 * least) / 10), 1] as const,
      label: 'accuracy',
      layers: (place: (field?: string) => Axes, domain: Domain) =>
        arms.flatMap(({ accuracy }, index) =>
          orders.flatMap((order) => {
            const line = summarizeOrder(accuracy, set, order);
            return drawLine(line, place, { ...looks[index]!, dash: dashes[order]! }, domain);
          }),
        ),
    })),
    {
      title: 'speed',
      labelExpr: 'datum.value == 0 ? "0" : format(datum.value, "~s")',
      domain: [0, 1.05 * fastest] as const,
      label: 'images per second',
      layers: (place: (field?: string) => Axes, domain: Domain) =>
        arms.flatMap(({ speed }, index) =>
          drawLine(summarizeSpeed(speed), place, { ...looks[index]!, dash: [1, 0] }, domain),
        ),
    },
  ];
  const side = Math.min(columns, panels.length);
  const rows = Array.from({ length: Math.ceil(panels.length / side) }, (_, row) =>
    panels.slice(row * side, (row + 1) * side),
  );
  return {
    panels: side,
    specify: (width): TopLevelSpec => ({
      $schema: schema,
      config: theme,
      spacing: 8,
      vconcat: [
        legendPanel(legend, (width + 10) * side),
        ...rows.map((row, at) => ({
          spacing: 12,
          hconcat: row.map(({ title, domain, labelExpr, label, layers }, column) => {
            const isBelow = at === rows.length - 1 || rows[at + 1]![column] === undefined;
            const labelled = column === 0 || label !== row[column - 1]!.label;
            const y = {
              type: 'quantitative' as const,
              scale: { domain: [...domain], nice: false },
              axis: { title: labelled ? label : null, labels: labelled, labelExpr, tickCount: 4 },
            };
            const x = shareAxis(isBelow);
            return {
              width,
              height: 84,
              layer: [
                titleLayer(title, width),
                ...layers((field = 'y') => ({ x, y: { field, ...y } }), domain),
              ],
            };
          }),
        })),
      ],
    }),
  };
}

type Domain = readonly [number, number];
type Axes = Parameters<typeof lineLayer>[1];

interface LinePoint extends Readonly<Record<string, number>> {
  readonly x: number;
  readonly y: number;
  readonly low: number;
  readonly high: number;
}

/** The mean curve of some runs; one run alone shows how far its draws lie apart. */
function summarizeOrder(runs: readonly (readonly PrunedPoint[])[], set: string, order: string): LinePoint[] {
  const own = runs.map((points) => points.filter((point) => point.set === set));
  const curves = own.map((points) => curveOf(points, order)).filter((curve) => curve.length > 0);
  const byShare = groupBy(curves.flat(), ({ share }) => String(share));
  return [...byShare].map(([share, members]) => {
    const values = members.map(({ value }) => value);
    const draws = own[0]!.filter((point) => point.order === order && String(point.kept / point.of) === share);
    const few = curves.length === 1 && draws.length > 1 ? draws.map(({ value }) => value) : values;
    return toPoint(Number(share), summarize(few)!);
  });
}

function summarizeSpeed(runs: readonly (readonly PrunedPoint[])[]): LinePoint[] {
  const byShare = groupBy(runs.flat(), ({ kept, of }) => String(kept / of));
  return [...byShare]
    .map(([share, members]) => toPoint(Number(share), summarize(members.map(({ value }) => value))!))
    .sort((a, b) => a.x - b.x);
}

function toPoint(x: number, { mean, halfWidth = 0 }: Summary): LinePoint {
  return { x, y: mean, low: mean - halfWidth, high: mean + halfWidth };
}

function drawLine(
  points: readonly LinePoint[],
  place: (field?: string) => Axes,
  look: { readonly color: string; readonly shape: string; readonly dash: readonly number[] },
  [least, most]: Domain,
): Layer[] {
  const clip = (value: number) => Math.min(most, Math.max(least, value));
  return [
    ruleLayer(
      points.flatMap(({ x, low, high }) => (high > low ? [{ x, low: clip(low), high: clip(high) }] : [])),
      place('low'),
      { y2: 'high' },
      { color: look.color, dash: [1, 0] },
      0.9,
      0.35,
    ),
    lineLayer(points, place(), look),
    pointLayer(points, place(), look, { size: 9 }),
  ];
}

function shareAxis(labels: boolean) {
  return {
    field: 'x',
    type: 'quantitative' as const,
    scale: { domain: [0, 1], nice: false },
    axis: {
      title: labels ? 'share of processors that stay' : null,
      labels,
      values: [0, 0.25, 0.5, 0.75, 1],
      format: '.0%',
      grid: false,
      labelFlush: true,
    },
  };
}
