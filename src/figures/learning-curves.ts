import { mean } from 'simple-statistics';
import type { TopLevelSpec } from 'vega-lite';
import { displayName } from '../analysis/held-out.js';
import { groupBy } from '../analysis/records.js';
import type { Figure } from './figure.js';
import { type LegendEntry, legendPanel } from './legend.js';
import { type Axes, bandLayer, lineLayer, pointLayer } from './marks.js';
import { type Look, lookOfModels, palette, schema, theme } from './theme.js';

/** A number at a step of training. */
export interface CurvePoint {
  readonly step: number;
  readonly value: number;
}

/** The curves of one run. */
export interface RunCurves {
  readonly model: string;
  readonly split: string;
  readonly loss: readonly CurvePoint[];
  /** Of the metric that is watched, on training examples and on those of the set beside them. */
  readonly trainScore: readonly CurvePoint[];
  readonly otherScore: readonly CurvePoint[];
  /** Default: `r2` and `test`. */
  readonly metric?: string;
  readonly otherSet?: string;
}

type Curve = 'loss' | 'trainScore' | 'otherScore';

/**
 * The curves in the records of a run's metrics: `{kind: 'train', step, loss}` and `{kind: 'monitor', step,
 * train_r2, test_r2}`, of whatever metric and set. A step that stands twice counts as written last.
 */
export function listCurves(
  records: readonly Readonly<Record<string, unknown>>[],
): Pick<RunCurves, Curve | 'metric' | 'otherSet'> {
  const list = (kind: string, field: string) => {
    const values = new Map<number, number>();
    for (const { kind: found, step, [field]: value } of records) {
      if (found === kind && typeof step === 'number' && Number.isFinite(value))
        values.set(step, Number(value));
    }
    return [...values].map(([step, value]) => ({ step, value })).sort((a, b) => a.step - b.step);
  };
  const fields = Object.keys(records.find(({ kind }) => kind === 'monitor') ?? {});
  const metric = fields.find((field) => field.startsWith('train_'))?.slice('train_'.length) ?? 'r2';
  const other = fields.find((field) => field.endsWith(`_${metric}`) && !field.startsWith('train_'));
  return {
    loss: list('train', 'loss'),
    trainScore: list('monitor', `train_${metric}`),
    otherScore: other === undefined ? [] : list('monitor', other),
    metric,
    otherSet: other?.slice(0, -1 - metric.length) ?? 'test',
  };
}

interface BandPoint extends Readonly<Record<string, number>> {
  readonly x: number;
  readonly y: number;
  readonly low: number;
  readonly high: number;
}

const bins = 100;
/** Side by side; further splits stand below. */
const mostPanels = 4;

/**
 * Training loss (above, logarithmic) and R², or accuracy, on training and test examples (below, from −1) by step, one
 * column per split: mean over the runs with the range from the lowest to the highest as a band. A loss with more than
 * a hundred steps is averaged over as many stretches of equal length.
 */
export function drawLearningCurves(
  runs: readonly RunCurves[],
  order: { readonly models?: readonly string[]; readonly splits?: readonly string[] } = {},
): Figure {
  const models = order.models ?? [...new Set(runs.map((run) => run.model))].sort();
  const splits = order.splits ?? [...new Set(runs.map((run) => run.split))];
  const looks = lookOfModels(models);
  const groups = groupBy(runs, (run) => `${run.model}\n${run.split}`);
  const columns = splits.map((split) =>
    models.map((model, index) => {
      const members = groups.get(`${model}\n${split}`) ?? [];
      const band = (curve: Curve) => summarizeSteps(members.map((run) => run[curve]));
      return {
        look: looks[index]!,
        loss: band('loss'),
        trainScore: band('trainScore'),
        otherScore: band('otherScore'),
      };
    }),
  );
  const all = columns.flat();
  const losses = all
    .flatMap(({ loss }) => loss.flatMap(({ low, high }) => [low, high]))
    .filter((value) => value > 0);
  const scores = all.flatMap(({ trainScore, otherScore }) =>
    [...trainScore, ...otherScore].map(({ low }) => low),
  );
  const frame = {
    steps: Math.max(1, ...all.flatMap(({ loss, otherScore }) => [...loss, ...otherScore].map(({ x }) => x))),
    loss:
      losses.length === 0
        ? ([0.01, 1] as const)
        : ([Math.min(...losses) / 1.1, Math.max(...losses) * 1.1] as const),
    metric: join(runs, ({ metric = 'r2' }) => metricNames[metric] ?? metric),
    scores: [Math.max(-1, Math.min(0, ...scores) - 0.05), 1] as const,
  };
  const legend: LegendEntry[][] = [
    [
      ...models.map((model, index) => ({
        kind: 'line' as const,
        label: displayName(model),
        color: looks[index]!.color,
        shape: looks[index]!.shape,
      })),
      { kind: 'line', label: 'training examples', color: palette.black, dash: dashes.train },
      {
        kind: 'line',
        label: `${join(runs, ({ otherSet = 'test' }) => otherSet)} examples`,
        color: palette.black,
        dash: dashes.test,
      },
    ],
    [
      {
        kind: 'band',
        label: 'line: mean over runs; band: from the lowest to the highest run',
        color: palette.black,
      },
    ],
  ];
  const panels = Math.min(mostPanels, splits.length);
  const blocks = Array.from({ length: Math.ceil(splits.length / panels) }, (_, block) =>
    columns.slice(block * panels, (block + 1) * panels),
  );
  return {
    panels,
    specify: (width): TopLevelSpec => ({
      $schema: schema,
      config: theme,
      spacing: 6,
      vconcat: [
        legendPanel(legend, (width + 10) * panels),
        ...blocks.flatMap((block, position) => [
          {
            hconcat: block.map((lines, index) => {
              const title = splits[position * panels + index]!;
              return drawLoss(lines, { ...frame, width, title, first: index === 0 });
            }),
            spacing: 10,
          },
          {
            hconcat: block.map((lines, index) => drawScores(lines, { ...frame, width, first: index === 0 })),
            spacing: 10,
          },
        ]),
      ],
    }),
  };
}

const metricNames: Readonly<Record<string, string>> = { r2: 'R²' };

/** What all runs have in common, or the several names that they have. */
function join(runs: readonly RunCurves[], name: (run: RunCurves) => string): string {
  return [...new Set(runs.map(name))].join(' or ') || 'test';
}

const dashes = { train: [1, 0], test: [3, 1.5] } as const;

interface Line {
  readonly look: Look;
  readonly loss: readonly BandPoint[];
  readonly trainScore: readonly BandPoint[];
  readonly otherScore: readonly BandPoint[];
}

interface Frame {
  readonly width: number;
  readonly steps: number;
  readonly loss: readonly [number, number];
  readonly scores: readonly [number, number];
  /** What the scores are. */
  readonly metric: string;
  readonly first: boolean;
  readonly title?: string;
}

function drawLoss(lines: readonly Line[], { width, steps, loss, first, title = '' }: Frame) {
  const y = {
    type: 'quantitative' as const,
    scale: { type: 'log' as const, domain: [...loss], nice: false },
    axis: { title: first ? 'training loss' : null, labels: first, tickCount: 4, format: '~g' },
  };
  const place = (field = 'y'): Axes => ({ x: stepAxis(steps, false), y: { field, ...y } });
  return {
    width,
    height: 80,
    // A line for each part of the name, on the panel rather than on what its axes take.
    title: { text: title.split(', '), frame: 'group' as const },
    layer: lines.flatMap((line) => drawBand(line.loss, place, { ...line.look, dash: dashes.train }, loss[0])),
  };
}

function drawScores(lines: readonly Line[], { width, steps, scores, metric, first }: Frame) {
  const y = {
    type: 'quantitative' as const,
    scale: { domain: [...scores], nice: false },
    axis: { title: first ? metric : null, labels: first, tickCount: 4, format: '.1f' },
  };
  const place = (field = 'y'): Axes => ({ x: stepAxis(steps, true), y: { field, ...y } });
  return {
    width,
    height: 80,
    layer: lines.flatMap((line) => [
      ...drawBand(line.trainScore, place, { ...line.look, dash: dashes.train }, scores[0]),
      ...drawBand(line.otherScore, place, { ...line.look, dash: dashes.test }, scores[0]),
    ]),
  };
}

function drawBand(points: readonly BandPoint[], place: (field?: string) => Axes, look: Look, lowest: number) {
  // A few signs along the line tell models apart without colour; the first point would sit on the axis.
  const every = Math.max(1, Math.ceil(points.length / 5));
  const signs = points.filter(({ y }, index) => index % every === every - 1 && y >= lowest);
  return [
    bandLayer(points, place('low'), look.color),
    lineLayer(points, place(), look),
    pointLayer(signs, place(), look, { size: 12 }),
  ];
}

function stepAxis(steps: number, labels: boolean) {
  return {
    field: 'x',
    type: 'quantitative' as const,
    scale: { domain: [0, steps], nice: false },
    axis: {
      title: labels ? 'step' : null,
      labels,
      tickCount: 3,
      grid: false,
      labelExpr: 'datum.value == 0 ? "0" : format(datum.value, "~s")',
      labelFlush: true,
    },
  };
}

/** Mean, lowest and highest value over runs at every step that some run has. */
function summarizeSteps(curves: readonly (readonly CurvePoint[])[]): BandPoint[] {
  const values = new Map<number, number[]>();
  for (const curve of curves) {
    for (const { step, value } of thin(curve)) {
      const known = values.get(step);
      if (known === undefined) values.set(step, [value]);
      else known.push(value);
    }
  }
  return [...values]
    .sort(([a], [b]) => a - b)
    .map(([x, found]) => ({ x, y: mean(found), low: Math.min(...found), high: Math.max(...found) }));
}

function thin(curve: readonly CurvePoint[]): readonly CurvePoint[] {
  if (curve.length <= bins) return curve;
  return Array.from({ length: bins }, (_, bin) => {
    const part = curve.slice(
      Math.floor((bin * curve.length) / bins),
      Math.floor(((bin + 1) * curve.length) / bins),
    );
    return { step: part.at(-1)!.step, value: mean(part.map(({ value }) => value)) };
  });
}
