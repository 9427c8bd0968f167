import { mean } from 'simple-statistics';
import type { TopLevelSpec } from 'vega-lite';
import { displayName } from '../analysis/held-out.js';
import { groupBy } from '../analysis/records.js';
import { isJsonObject } from '../core/json.js';
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
  readonly seed: string;
  readonly loss: readonly CurvePoint[];
  readonly trainR2: readonly CurvePoint[];
  readonly testR2: readonly CurvePoint[];
}

type Curve = 'loss' | 'trainR2' | 'testR2';

/**
 * Reads the lines of a run's metrics.jsonl: `{kind: 'train', step, loss}` and `{kind: 'monitor', step,
 * train_r2, test_r2}`. A step that stands twice, after a resume, counts as written last; a torn last
 * line is left out.
 */
export function readCurves(text: string): Pick<RunCurves, Curve> {
  const curves: Record<Curve, Map<number, number>> = {
    loss: new Map(),
    trainR2: new Map(),
    testR2: new Map(),
  };
  const add = (curve: Curve, step: number, value: unknown) => {
    if (typeof value === 'number') curves[curve].set(step, value);
  };
  for (const line of text.split('\n')) {
    const entry = parseLine(line);
    if (!isJsonObject(entry) || typeof entry.step !== 'number') continue;
    if (entry.kind === 'train') add('loss', entry.step, entry.loss);
    if (entry.kind !== 'monitor') continue;
    add('trainR2', entry.step, entry.train_r2);
    add('testR2', entry.step, entry.test_r2);
  }
  const list = (curve: Curve) =>
    [...curves[curve]].map(([step, value]) => ({ step, value })).sort((a, b) => a.step - b.step);
  return { loss: list('loss'), trainR2: list('trainR2'), testR2: list('testR2') };
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

interface BandPoint extends Readonly<Record<string, number>> {
  readonly x: number;
  readonly y: number;
  readonly low: number;
  readonly high: number;
}

const bins = 100;

/**
 * Training loss (above, logarithmic) and R² on training and test examples (below) by step, one column per
 * split: mean over the runs with the range from the lowest to the highest as a band. A loss with more than
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
        trainR2: band('trainR2'),
        testR2: band('testR2'),
      };
    }),
  );
  const all = columns.flat();
  const losses = all
    .flatMap(({ loss }) => loss.flatMap(({ low, high }) => [low, high]))
    .filter((value) => value > 0);
  const scores = all.flatMap(({ trainR2, testR2 }) => [...trainR2, ...testR2].map(({ low }) => low));
  const frame = {
    steps: Math.max(1, ...all.flatMap(({ loss, testR2 }) => [...loss, ...testR2].map(({ x }) => x))),
    loss:
      losses.length === 0
        ? ([0.01, 1] as const)
        : ([Math.min(...losses) / 1.1, Math.max(...losses) * 1.1] as const),
    r2: [Math.max(-1, Math.min(0, ...scores) - 0.05), 1] as const,
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
      { kind: 'line', label: 'test examples', color: palette.black, dash: dashes.test },
    ],
  ];
  return {
    name: 'learning-curves',
    panels: splits.length,
    specify: (width): TopLevelSpec => ({
      $schema: schema,
      config: theme,
      spacing: 6,
      vconcat: [
        legendPanel(legend, (width + 10) * splits.length),
        {
          hconcat: columns.map((lines, index) =>
            drawLoss(lines, { ...frame, width, title: splits[index]!, first: index === 0 }),
          ),
          spacing: 10,
        },
        {
          hconcat: columns.map((lines, index) => drawR2(lines, { ...frame, width, first: index === 0 })),
          spacing: 10,
        },
      ],
    }),
  };
}

const dashes = { train: [1, 0], test: [3, 1.5] } as const;

interface Line {
  readonly look: Look;
  readonly loss: readonly BandPoint[];
  readonly trainR2: readonly BandPoint[];
  readonly testR2: readonly BandPoint[];
}

interface Frame {
  readonly width: number;
  readonly steps: number;
  readonly loss: readonly [number, number];
  readonly r2: readonly [number, number];
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
    title: { text: title },
    layer: lines.flatMap((line) => drawBand(line.loss, place, { ...line.look, dash: dashes.train })),
  };
}

function drawR2(lines: readonly Line[], { width, steps, r2, first }: Frame) {
  const y = {
    type: 'quantitative' as const,
    scale: { domain: [...r2], nice: false },
    axis: { title: first ? 'R²' : null, labels: first, tickCount: 4, format: '.1f' },
  };
  const place = (field = 'y'): Axes => ({ x: stepAxis(steps, true), y: { field, ...y } });
  return {
    width,
    height: 80,
    layer: lines.flatMap((line) => [
      ...drawBand(line.trainR2, place, { ...line.look, dash: dashes.train }),
      ...drawBand(line.testR2, place, { ...line.look, dash: dashes.test }),
    ]),
  };
}

function drawBand(points: readonly BandPoint[], place: (field?: string) => Axes, look: Look) {
  // A few signs along the line tell models apart without colour; the first point would sit on the axis.
  const every = Math.max(1, Math.ceil(points.length / 5));
  const signs = points.filter((_, index) => index % every === every - 1);
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
      format: '~s',
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
