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
import { type Layer, pointLayer, ruleLayer } from './marks.js';
import { lookOfModels, lookOfReferences, palette, schema, theme } from './theme.js';

/** What no model has learned or seen differently: the sets that are shown first, in this order. */
const usualSets = ['train', 'validation', 'iid', 'test'];

/**
 * Accuracy on every set of the split, a bar per model: mean over runs with its 95 % interval, single runs as dots, and
 * what references come to as strokes. A panel per dataset and split.
 */
export function drawAccuracyBySet(records: readonly RunRecord[], order: Partial<HeldOutOrder> = {}): Figure {
  const results = collectResults(records, 'accuracy', order);
  const { datasets, models, references, splits } = results.order;
  const panels = datasets.flatMap((dataset) =>
    splits.flatMap((split) => {
      const sets = listSets(results, dataset, split);
      return sets.length === 0 ? [] : [{ dataset, split, sets }];
    }),
  );
  const looks = lookOfModels(models);
  const legend: LegendEntry[][] = [
    models.map((model, index) => ({ kind: 'area', label: displayName(model), color: looks[index]!.color })),
    [
      ...referenceEntries(references),
      {
        kind: 'point',
        label:
          'bars in this order, from the left: mean over runs; strokes: its 95 % interval; dots: single runs',
        color: palette.black,
        shape: 'circle',
      },
    ],
  ];
  const title = ({ dataset, split }: (typeof panels)[number]) =>
    [datasets.length > 1 ? dataset : '', splits.length > 1 ? split : ''].filter(Boolean).join(': ');
  return {
    panels: 1,
    specify: (width): TopLevelSpec => ({
      $schema: schema,
      config: theme,
      spacing: 8,
      vconcat: [
        legendPanel(legend, width),
        ...panels.map((panel) => ({
          width,
          height: panels.length > 1 ? 105 : 150,
          ...(panels.length > 1 ? { title: { text: title(panel) } } : {}),
          layer: drawPanel(results, panel),
        })),
      ],
    }),
  };
}

/** x counts the sets; each model stands at its own distance from a set's middle. */
function drawPanel(
  results: HeldOutResults,
  {
    dataset,
    split,
    sets,
  }: { readonly dataset: string; readonly split: string; readonly sets: readonly string[] },
): Layer[] {
  const { models, references } = results.order;
  const present = models.filter((model) => results.find(dataset, model, split).length > 0);
  const looks = lookOfModels(models);
  const step = 0.8 / Math.max(1, present.length);
  const { x, y } = makeAxes(sets);
  const place = (field = 'y') => ({ x, y: { field, ...y } });
  const bars = present.flatMap((model, index): Layer[] => {
    const { color } = looks[models.indexOf(model)]!;
    const summaries = sets.flatMap((set, at) => {
      const summary = summarizeKey(results.find(dataset, model, split), rowKey(set, {}));
      return summary === undefined ? [] : [{ x: at + (index - (present.length - 1) / 2) * step, ...summary }];
    });
    const boxes = summaries.map(({ x: middle, mean }) => ({
      x: middle - 0.44 * step,
      x2: middle + 0.44 * step,
      y: 0,
      y2: mean,
    }));
    const intervals = summaries.flatMap(({ x: middle, mean, halfWidth }) =>
      halfWidth === undefined
        ? []
        : [{ x: middle, low: Math.max(0, mean - halfWidth), high: Math.min(1, mean + halfWidth) }],
    );
    const runs = summaries.flatMap(({ x: middle, n, values }) =>
      n === 1 ? [] : values.map((value) => ({ x: middle + 0.24 * step, y: value })),
    );
    return [
      {
        data: { values: boxes },
        mark: { type: 'rect', color, opacity: 0.75 },
        encoding: { ...place(), x2: { field: 'x2' }, y2: { field: 'y2' } },
      },
      ruleLayer(intervals, place('low'), { y2: 'high' }, { color: palette.black, dash: [1, 0] }),
      pointLayer(runs, place(), { color: palette.black, shape: 'circle' }, { size: 5, opacity: 0.7 }),
    ];
  });
  const strokes = references.map((reference, index) => {
    const values = sets.flatMap((set, at) => {
      const value = summarizeKey(results.find(dataset, reference, split), rowKey(set, {}))?.mean;
      return value === undefined ? [] : [{ x: at - 0.45, x2: at + 0.45, y: value }];
    });
    return ruleLayer(values, place(), { x2: 'x2' }, lookOfReferences(references)[index]!, 1.2);
  });
  return [...bars, ...strokes];
}

/** Sets of a split: the usual ones, then the others in the order of the records. */
function listSets({ order, find }: HeldOutResults, dataset: string, split: string): string[] {
  const runs = [...order.models, ...order.references].flatMap((model) => find(dataset, model, split));
  const found = [
    ...new Set(runs.flatMap((values) => [...values.keys()].filter((key) => !key.includes(' ')))),
  ];
  return [
    ...usualSets.filter((set) => found.includes(set)),
    ...found.filter((set) => !usualSets.includes(set)),
  ];
}

function makeAxes(sets: readonly string[]) {
  const names = sets.map((set) => set.replaceAll('_', ' '));
  const x = categoryAxis(names, { slanted: sets.length > 9 });
  const y = {
    type: 'quantitative' as const,
    scale: { domain: [0, 1], nice: false },
    axis: { values: [0, 0.25, 0.5, 0.75, 1], format: '.2f', grid: true, title: 'accuracy' },
  };
  return { x, y };
}
