import type { TopLevelSpec } from 'vega-lite';
import {
  collectResults,
  displayName,
  type HeldOutOrder,
  type HeldOutResults,
  summarizeKey,
} from '../analysis/held-out.js';
import { rowKey } from '../analysis/records.js';
import { readShots } from '../analysis/shots.js';
import type { RunRecord } from '../evaluation/record.js';
import { categoryAxis } from './category-axis.js';
import type { Figure } from './figure.js';
import { type LegendEntry, legendPanel, referenceEntries } from './legend.js';
import { type Layer, lineLayer, pointLayer, ruleLayer } from './marks.js';
import { type Look, lookOfModels, lookOfReferences, schema, theme } from './theme.js';

interface Panel {
  readonly dataset: string;
  readonly split: string;
  readonly set: string;
}

/** Sets that nothing is said about by this figure. */
const seen = ['train', 'validation', 'uda'];

/**
 * Accuracy against the number of examples of each class that a model was adapted to: mean over runs with its 95 %
 * interval, a line per model and way of adapting it, references as strokes. A panel per dataset, split and set for testing.
 */
export function drawAccuracyByShots(
  records: readonly RunRecord[],
  order: Partial<HeldOutOrder> = {},
): Figure {
  const results = collectResults(records, 'accuracy', order);
  const { datasets, models, references, splits } = results.order;
  const read = models.flatMap((label) => readShots(label) ?? []);
  const lines = [...new Set(read.map(({ model }) => model))];
  const shots = [...new Set(read.map((one) => one.shots))].sort((a, b) => a - b);
  const looks = lookOfModels(lines);
  const top = chooseTop(results);
  const panels = datasets.flatMap((dataset) =>
    splits.flatMap((split) => listSets(results, dataset, split).map((set) => ({ dataset, split, set }))),
  );
  const legend: LegendEntry[][] = [
    lines.map((line, at) => ({ kind: 'line', label: displayName(line), ...looks[at]! })),
    referenceEntries(references),
    [{ kind: 'line', label: 'mean over runs; upright strokes: its 95 % interval', color: 'black' }],
  ];
  const varies = (part: keyof Panel) => new Set(panels.map((panel) => panel[part])).size > 1;
  const title = (panel: Panel) =>
    (['dataset', 'split', 'set'] as const)
      .filter(varies)
      .map((part) => panel[part].replaceAll('_', ' '))
      .join(', ');
  return {
    panels: 1,
    specify: (width): TopLevelSpec => ({
      $schema: schema,
      config: theme,
      spacing: 8,
      vconcat: [
        legendPanel(
          legend.filter((group) => group.length > 0),
          width,
        ),
        ...panels.map((panel, at) => ({
          width,
          height: panels.length > 1 ? 105 : 150,
          ...(title(panel) === '' ? {} : { title: { text: title(panel) } }),
          layer: drawPanel(results, panel, { lines, looks, shots, named: at === panels.length - 1, top }),
        })),
      ],
    }),
  };
}

/** x counts the numbers of shots; each line stands a little beside the others, so that intervals can be told apart. */
function drawPanel(
  { order, find }: HeldOutResults,
  { dataset, split, set }: Panel,
  {
    lines,
    looks,
    shots,
    named,
    top,
  }: {
    readonly lines: readonly string[];
    readonly looks: readonly Look[];
    readonly shots: readonly number[];
    readonly named: boolean;
    readonly top: number;
  },
): Layer[] {
  const category = categoryAxis(shots.map((count) => (Number.isFinite(count) ? String(count) : 'all')));
  const x = { ...category, axis: { ...category.axis, title: named ? 'examples of each class' : null } };
  const axes = (field: string) => ({
    x,
    y: {
      field,
      type: 'quantitative' as const,
      scale: { domain: [0, top], nice: false },
      axis: { tickCount: 4, format: '.2f', grid: true, title: `accuracy on ${set}` },
    },
  });
  const summaryOf = (model: string) => summarizeKey(find(dataset, model, split), rowKey(set, {}));
  const aside = 0.36 / Math.max(1, lines.length);
  const drawn = lines.flatMap((line, index): Layer[] => {
    const points = order.models.flatMap((label) => {
      const own = readShots(label);
      const summary = own?.model === line ? summaryOf(label) : undefined;
      if (summary === undefined) return [];
      const { mean, halfWidth = 0 } = summary;
      const place = shots.indexOf(own!.shots) + (index - (lines.length - 1) / 2) * aside;
      return [
        { x: place, y: mean, low: Math.max(0, mean - halfWidth), high: Math.min(top, mean + halfWidth) },
      ];
    });
    const look = looks[index]!;
    const solid = { color: look.color, dash: [1, 0] };
    return [
      ruleLayer(
        points.filter(({ low, high }) => high > low),
        axes('low'),
        { y2: 'high' },
        solid,
      ),
      lineLayer(points, axes('y'), look),
      pointLayer(points, axes('y'), look, { size: 22 }),
    ];
  });
  const strokes = order.references.map((reference, index) => {
    const value = summaryOf(reference)?.mean;
    const stroke = value === undefined ? [] : [{ x: -0.5, x2: shots.length - 0.5, y: value }];
    return ruleLayer(stroke, axes('y'), { x2: 'x2' }, lookOfReferences(order.references)[index]!, 1.2);
  });
  return [...strokes, ...drawn];
}

/** One end for all panels, so that they compare: the next quarter above the highest interval for testing. */
function chooseTop({ order, find }: HeldOutResults): number {
  const keys = (model: string, dataset: string, split: string) =>
    find(dataset, model, split).flatMap((values) => [...values.keys()]);
  const ends = order.datasets.flatMap((dataset) =>
    order.splits.flatMap((split) =>
      order.models.flatMap((model) =>
        [...new Set(keys(model, dataset, split))]
          .filter((key) => isTested(key))
          .map((key) => summarizeKey(find(dataset, model, split), key))
          .map((summary) => (summary?.mean ?? 0) + (summary?.halfWidth ?? 0)),
      ),
    ),
  );
  return Math.min(1, Math.max(0.25, Math.ceil(Math.max(0, ...ends) * 4) / 4));
}

const isTested = (key: string) => !key.includes(' ') && !seen.includes(key);

/** Sets for testing that models with shots were scored on. */
function listSets({ order, find }: HeldOutResults, dataset: string, split: string): string[] {
  const runs = order.models
    .filter((label) => readShots(label) !== undefined)
    .flatMap((label) => find(dataset, label, split));
  return [...new Set(runs.flatMap((values) => [...values.keys()].filter(isTested)))];
}
