import { mean, quantileSorted } from 'simple-statistics';
import type { TopLevelSpec } from 'vega-lite';
import { displayName } from '../analysis/held-out.js';
import { groupBy } from '../analysis/records.js';
import type { PredictionsTable } from '../evaluation/predictions.js';
import type { Figure } from './figure.js';
import { type LegendEntry, legendPanel } from './legend.js';
import { type Axes, bandLayer, type Layer, lineLayer, pointLayer } from './marks.js';
import { type Look, lookOfModels, palette, schema, theme } from './theme.js';

/** The predictions of one run. */
export interface ModelPredictions {
  readonly model: string;
  readonly table: PredictionsTable;
}

interface LevelSummary extends Readonly<Record<string, number>> {
  readonly x: number;
  readonly y: number;
  readonly low: number;
  readonly high: number;
}

const trainingColor = '#E3E3E3';
const perfect: Pick<Look, 'color' | 'dash'> = { color: palette.black, dash: [1, 1.5] };
const nearest: Pick<Look, 'color' | 'dash'> = { color: palette.grey, dash: [4, 2] };

/**
 * Predicted against true value, one panel per held-out factor, over the training examples and the test
 * examples in which this factor alone has a held-out value. Points: mean over examples, then over runs;
 * bands: the middle 80 % of the predictions of all runs; grey: what training saw. All runs are of one split.
 */
export function drawPredictedAgainstTrue(
  runs: readonly ModelPredictions[],
  models?: readonly string[],
): Figure {
  const context = runs[0]?.table.context;
  const shown = models ?? [...new Set(runs.map((run) => run.model))].sort();
  const looks = lookOfModels(shown);
  const factors = Object.keys(runs[0]?.table.targets ?? {}).filter(
    (factor) => (context?.held[factor]?.length ?? 0) > 0,
  );
  const byModel = groupBy(runs, (run) => run.model);
  const panels = factors.map((factor) => {
    const lines = shown.map((model) =>
      summarizeLevels(
        (byModel.get(model) ?? []).map((run) => run.table),
        factor,
      ),
    );
    return { factor, lines };
  });
  const ends = panels.flatMap(({ lines }) => lines.flat().flatMap(({ low, high }) => [low, high]));
  const domain = [Math.min(0, ...ends), Math.max(1, ...ends)] as const;
  const columns = factors.length > 4 ? 3 : Math.max(1, factors.length);
  const legend: LegendEntry[][] = [
    [
      ...shown.map((model, index) => ({
        kind: 'line' as const,
        label: displayName(model),
        ...looks[index]!,
      })),
    ],
    [
      { kind: 'line', label: 'perfect', ...perfect },
      { kind: 'line', label: 'nearest seen (oracle)', ...nearest },
      { kind: 'area', label: 'seen in training', color: trainingColor },
    ],
    [
      {
        kind: 'band',
        label: 'line: mean over examples, then over runs; band: the middle 80 % of all predictions',
        color: palette.black,
        shape: 'circle',
      },
    ],
  ];
  return {
    panels: columns,
    specify: (width): TopLevelSpec => ({
      $schema: schema,
      config: theme,
      spacing: 6,
      vconcat: [
        legendPanel(legend, (width + 12) * columns),
        {
          concat: panels.map(({ factor, lines }, index) => {
            const seen = listLevels(context!, factor);
            return drawPanel({ factor, lines, domain, seen, looks, width, first: index % columns === 0 });
          }),
          columns,
          spacing: { column: 12, row: 8 },
        },
      ],
    }),
  };
}

interface Level {
  readonly value: number;
  readonly held: boolean;
}

function listLevels(context: PredictionsTable['context'], factor: string): Level[] {
  const held = new Set(context.held[factor]);
  return (context.levels[factor] ?? []).map((value, level) => ({ value, held: held.has(level) }));
}

/** Predictions by level of the factor: mean of the runs' means, and the middle 80 % of all of them. */
function summarizeLevels(tables: readonly PredictionsTable[], factor: string): LevelSummary[] {
  const levels = tables[0]?.context.levels[factor] ?? [];
  const means: number[][] = levels.map(() => []);
  const all: number[][] = levels.map(() => []);
  for (const table of tables) {
    const parts: number[][] = levels.map(() => []);
    const column = table.variables[factor]!;
    const predictions = table.predictions[factor]!;
    for (let row = 0; row < table.example.length; row += 1) {
      if (table.set[row] === 'train' || table.held[row] === factor)
        parts[column[row]!]!.push(predictions[row]!);
    }
    for (const [level, part] of parts.entries()) {
      if (part.length === 0) continue;
      means[level]!.push(mean(part));
      all[level] = all[level]!.concat(part);
    }
  }
  return levels.flatMap((value, level) => {
    const sorted = Float64Array.from(all[level]!).sort();
    if (sorted.length === 0) return [];
    const values = Array.from(sorted);
    const [low, high] = [quantileSorted(values, 0.1), quantileSorted(values, 0.9)];
    return [{ x: value, y: mean(means[level]!), low, high }];
  });
}

interface Panel {
  readonly factor: string;
  readonly lines: readonly (readonly LevelSummary[])[];
  readonly domain: readonly [number, number];
  readonly seen: readonly Level[];
  readonly looks: readonly Look[];
  readonly width: number;
  readonly first: boolean;
}

function drawPanel({ factor, lines, domain, seen, looks, width, first }: Panel) {
  const values = [0, 0.25, 0.5, 0.75, 1];
  const labelExpr = 'datum.value % 0.5 == 0 ? format(datum.value, ".1f") : ""';
  const x = {
    field: 'x',
    type: 'quantitative' as const,
    scale: { domain: [-0.04, 1.04], nice: false, zero: false },
    axis: { values, labelExpr, title: `true ${factor}`, grid: false },
  };
  const y = {
    type: 'quantitative' as const,
    scale: { domain: [...domain], nice: false },
    axis: { values, labelExpr, labels: first, title: first ? 'predicted' : null },
  };
  const place = (field = 'y'): Axes => ({ x, y: { field, ...y } });
  const shade: Layer = {
    data: { values: mergeSeen(seen) },
    mark: { type: 'rect', color: trainingColor },
    encoding: { x: { ...x, field: 'from' }, x2: { field: 'to' } },
  };
  const references = [
    lineLayer(
      seen.map(({ value }) => ({ x: value, y: value })),
      place(),
      perfect,
      0.8,
    ),
    lineLayer(answerNearest(seen), place(), nearest, 0.8),
  ];
  const models = lines.flatMap((line, index) => [
    bandLayer(line, place('low'), looks[index]!.color),
    lineLayer(line, place(), looks[index]!),
    pointLayer(line, place(), looks[index]!, { size: line.length > 10 ? 10 : 18 }),
  ]);
  return { width, height: Math.min(150, width * 1.05), layer: [shade, ...references, ...models] };
}

/** Neighbouring levels that training saw, as ranges that reach half a step beyond them. */
function mergeSeen(seen: readonly Level[]): { from: number; to: number }[] {
  const step = seen.length > 1 ? Math.abs(seen[1]!.value - seen[0]!.value) : 0;
  const ranges: { from: number; to: number }[] = [];
  for (const [index, { value, held }] of seen.entries()) {
    if (held) continue;
    const last = ranges.at(-1);
    const follows = index > 0 && !seen[index - 1]!.held;
    const to = Math.min(1.04, value + step / 2);
    if (last !== undefined && follows) last.to = to;
    else ranges.push({ from: Math.max(-0.04, value - step / 2), to });
  }
  return ranges;
}

function answerNearest(seen: readonly Level[]): { x: number; y: number }[] {
  const known = seen.filter(({ held }) => !held).map(({ value }) => value);
  return seen.map(({ value: x }) => ({
    x,
    y: known.reduce(
      (best, value) => (Math.abs(value - x) < Math.abs(best - x) ? value : best),
      known[0] ?? 0,
    ),
  }));
}
