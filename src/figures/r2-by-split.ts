import type { TopLevelSpec } from 'vega-lite';
import {
  collectResults,
  displayName,
  type HeldOutOrder,
  type HeldOutResults,
  summarizeKey,
} from '../analysis/held-out.js';
import { rowKey } from '../analysis/records.js';
import type { RunRecord } from '../evaluation/record.js';
import { categoryAxis } from './category-axis.js';
import type { Figure } from './figure.js';
import { type LegendEntry, legendPanel, referenceEntries } from './legend.js';
import { type Axes, type Layer, pointLayer, ruleLayer } from './marks.js';
import { lookOfReferences, lookOfSplits, palette, schema, theme } from './theme.js';

/** R² is clipped here, as in the paper. */
const floor = -1;
const key = rowKey('test', {});

/**
 * Test R² by model and split, one panel per dataset (Schott et al. 2022, figure 4): means with their 95 %
 * intervals, single runs as small dots beside them, and the references of each split as strokes. Clipped
 * below at −1, where a mean that lies lower is drawn hollow.
 */
export function drawR2BySplit(records: readonly RunRecord[], order: Partial<HeldOutOrder> = {}): Figure {
  const results = collectResults(records, 'r2', order);
  const { datasets, splits, references } = results.order;
  const splitLooks = lookOfSplits(splits);
  const legend: LegendEntry[][] = [
    splits.map((label, index) => ({ kind: 'point', label, ...splitLooks[index]! })),
    referenceEntries(references),
    [
      {
        kind: 'point',
        label: 'large: mean over runs, bar: its 95 % interval, small: single runs',
        color: palette.black,
        shape: 'circle',
      },
    ],
  ];
  return {
    panels: 1,
    specify: (width): TopLevelSpec => ({
      $schema: schema,
      config: theme,
      spacing: 6,
      vconcat: [
        legendPanel(legend, width),
        ...datasets.map((dataset, index) =>
          drawPanel(results, dataset, width, index === datasets.length - 1),
        ),
      ],
    }),
  };
}

function drawPanel(results: HeldOutResults, dataset: string, width: number, last: boolean) {
  const { datasets, models, splits } = results.order;
  const { x, y } = makeAxes(models, findLeast(results), last);
  const stepWidth = (width * 0.8) / (models.length * splits.length);
  const place = (field = 'y'): Axes => ({ x, y: { field, ...y } });
  const zero: Layer = {
    data: { values: [{}] },
    mark: { type: 'rule', color: '#9A9A9A', strokeWidth: 0.6 },
    encoding: { y: { datum: 0, ...y } },
  };
  const layers = splits.flatMap((_, index) => drawSplit(results, dataset, index, place, stepWidth));
  return {
    width,
    height: datasets.length === 1 ? 150 : 105,
    ...(datasets.length === 1 ? {} : { title: { text: dataset } }),
    layer: [zero, ...layers],
  };
}

/** x counts the models; every split stands at its own distance from a model's middle. */
function drawSplit(
  results: HeldOutResults,
  dataset: string,
  index: number,
  place: (field?: string) => Axes,
  stepWidth: number,
): Layer[] {
  const { models, references, splits } = results.order;
  const split = splits[index]!;
  const look = lookOfSplits(splits)[index]!;
  const step = 0.8 / splits.length;
  const size = Math.min(34, (0.75 * stepWidth) ** 2);
  const xOf = (model: number) => model + (index - (splits.length - 1) / 2) * step;
  const summaries = models.flatMap((model, position) => {
    const summary = summarizeKey(results.find(dataset, model, split), key);
    return summary === undefined ? [] : [{ x: xOf(position), ...summary }];
  });
  const intervals = summaries.flatMap(({ x, mean, halfWidth }) =>
    halfWidth === undefined ? [] : [{ x, low: clip(mean - halfWidth), high: clip(mean + halfWidth) }],
  );
  const runs = summaries.flatMap(({ x, n, values }) =>
    n === 1 ? [] : values.map((value) => ({ x: x + 0.28 * step, y: clip(value) })),
  );
  const means = summaries.map(({ x, mean }) => ({ x, y: clip(mean), below: Number(mean < floor) }));
  const strokes = references.map((reference, position) => {
    const value = summarizeKey(results.find(dataset, reference, split), key)?.mean;
    const values =
      value === undefined || value < floor
        ? []
        : models.map((_, model) => ({ x: xOf(model) - 0.4 * step, x2: xOf(model) + 0.4 * step, y: value }));
    return ruleLayer(values, place(), { x2: 'x2' }, lookOfReferences(references)[position]!, 1.2);
  });
  return [
    ...strokes,
    ruleLayer(intervals, place('low'), { y2: 'high' }, { color: look.color, dash: [1, 0] }),
    pointLayer(
      runs,
      place(),
      { color: look.color, shape: 'circle' },
      { size: Math.min(6, size / 4), opacity: 0.6 },
    ),
    pointLayer(
      means.filter(({ below }) => below === 0),
      place(),
      look,
      { size },
    ),
    pointLayer(
      means.filter(({ below }) => below === 1),
      place(),
      look,
      { size, filled: false },
    ),
  ];
}

/** The least of all means, interval ends and runs, and 0. */
function findLeast({ order, find }: HeldOutResults): number {
  const { datasets, models, references, splits } = order;
  const values = datasets.flatMap((dataset) =>
    splits.flatMap((split) =>
      [...models, ...references].flatMap((model) => {
        const summary = summarizeKey(find(dataset, model, split), key);
        return summary === undefined ? [] : [summary.mean - (summary.halfWidth ?? 0), ...summary.values];
      }),
    ),
  );
  return Math.min(0, ...values);
}

/** The y axis begins half a unit at a time below what is drawn, never below −1. */
function makeAxes(models: readonly string[], least: number, labels: boolean) {
  const lowest = Math.max(floor, Math.floor(least * 2) / 2);
  const names = models.map(displayName);
  const x = categoryAxis(names, { shown: labels, slanted: models.length > 7, fontSize: 7.5 });
  const y = {
    type: 'quantitative' as const,
    scale: { domain: [lowest, 1], nice: false },
    axis: {
      values: [-1, -0.5, 0, 0.5, 1],
      format: '.1f',
      grid: true,
      title: least < floor ? 'test R² (clipped at −1)' : 'test R²',
    },
  };
  return { x, y };
}

function clip(value: number): number {
  return Math.min(1, Math.max(floor, value));
}
