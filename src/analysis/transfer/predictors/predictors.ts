import { shuffle } from '../../../random/draw.js';
import { stream } from '../../../random/stream.js';
import { groupBy } from '../../records.js';
import { groupNetworks, listMetrics, type TransferRecord } from '../records.js';
import { addRow, combine, createSums, fitSums, type Sums, squaredErrors } from './sums.js';

/** How well something predicts OOD accuracy. */
export interface Predictor {
  /** Names of ID metrics, or `accuracy on another OOD set`. */
  readonly predictors: readonly string[];
  readonly kind: 'one ID metric' | 'ID accuracy and another' | 'another OOD set';
  /** Rows that have all of it: a network and an OOD set, for another OOD set also that one. */
  readonly rows: number;
  readonly tasks: number;
  /**
   * 1 − Σ error² / Σ (y − mean of y where it was fitted)², over the tasks that were left out one after the other: 0 is as
   * good as the mean of the other tasks. NaN for fewer than two tasks.
   */
  readonly acrossTasks: number;
  /** The same within tasks, over networks that were left out in five folds; pooled over tasks. */
  readonly withinTasks: number;
}

export const anotherSet = 'accuracy on another OOD set';
const folds = 5;

interface Row {
  readonly task: string;
  readonly fold: number;
  readonly x: readonly number[];
  readonly y: number;
  readonly weight: number;
}

/**
 * Every single ID metric that is not the same for all networks, ID accuracy with each other one, and the accuracy on one further OOD set as linear predictors of
 * OOD accuracy, with cross-validated R². A row is a network on a pair of sets; for a further OOD set it is there once for
 * each of these, with weights that add up to 1.
 */
export function comparePredictors(records: readonly TransferRecord[], seed = 0): Predictor[] {
  const networks = groupNetworks(records);
  const order = shuffle(
    stream(seed, 'transfer', 'folds'),
    networks.map((_, at) => at),
  );
  const foldOf = new Map(order.map((network, at) => [networks[network]!, at % folds]));
  const metrics = listMetrics(records, 'idMetrics').filter((name) => {
    const values = records.map(({ idMetrics }) => idMetrics[name] ?? Number.NaN).filter(Number.isFinite);
    return values.some((value) => value !== values[0]);
  });
  const score = (kind: Predictor['kind'], predictors: readonly string[], rows: readonly Row[]) => ({
    predictors,
    kind,
    ...crossValidate(rows, predictors.length),
  });
  const rowsOf = (names: readonly string[]): Row[] =>
    networks.flatMap((own) =>
      own.flatMap(({ task, idMetrics, oodMetrics }) => {
        const x = names.map((name) => idMetrics[name] ?? Number.NaN);
        const row = { task, fold: foldOf.get(own)!, x, y: oodMetrics.accuracy!, weight: 1 };
        return x.every(Number.isFinite) ? [row] : [];
      }),
    );
  const others = networks.flatMap((own) =>
    own.flatMap((record) =>
      own
        .filter(({ ood }) => ood !== record.ood)
        .map(({ oodMetrics }, _, { length }): Row => {
          const { accuracy: y } = record.oodMetrics;
          const fold = foldOf.get(own)!;
          return { task: record.task, fold, x: [oodMetrics.accuracy!], y: y!, weight: 1 / length };
        }),
    ),
  );
  return [
    ...metrics.map((name) => score('one ID metric', [name], rowsOf([name]))),
    ...metrics
      .filter((name) => name !== 'accuracy')
      .map((name) => score('ID accuracy and another', ['accuracy', name], rowsOf(['accuracy', name]))),
    ...(others.length === 0 ? [] : [score('another OOD set', [anotherSet], others)]),
  ];
}

function crossValidate(
  rows: readonly Row[],
  predictors: number,
): Pick<Predictor, 'rows' | 'tasks' | 'acrossTasks' | 'withinTasks'> {
  // Sums of squares that are subtracted from each other keep their digits only near 0.
  const shift = centre(rows, predictors);
  const byTask = groupBy(rows, ({ task }) => task);
  const sumsOf = (own: readonly Row[]) => {
    const sums = createSums(predictors);
    for (const { x, y, weight } of own)
      addRow(
        sums,
        x.map((value, at) => value - shift[at]!),
        y - shift.at(-1)!,
        weight,
      );
    return sums;
  };
  const tasks = [...byTask.values()].map((own) => {
    const parts = [...groupBy(own, ({ fold }) => String(fold)).values()].map(sumsOf);
    return { parts, whole: parts.reduce((sum, part) => combine(sum, part), createSums(predictors)) };
  });
  const all = tasks.reduce((sum, { whole }) => combine(sum, whole), createSums(predictors));
  const across = new Errors();
  const within = new Errors();
  for (const { whole, parts } of tasks) {
    if (tasks.length > 1) across.add(combine(all, whole, -1), whole);
    if (parts.length > 1) for (const part of parts) within.add(combine(whole, part, -1), part);
  }
  return {
    rows: rows.length,
    tasks: tasks.length,
    acrossTasks: across.r2(),
    withinTasks: within.r2(),
  };
}

/** Mean of every predictor, then of y. */
function centre(rows: readonly Row[], predictors: number): number[] {
  const mean = (of: (row: Row) => number) => rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
  return [...Array.from({ length: predictors }, (_, at) => mean(({ x }) => x[at]!)), mean(({ y }) => y)];
}

/** Adds up errors on what was left out, of a line and of the mean. */
class Errors {
  private ofLine = 0;
  private ofMean = 0;

  add(fitted: Sums, left: Sums): void {
    this.ofLine += squaredErrors(left, fitSums(fitted));
    const mean = fitted.xy[0]! / fitted.weight;
    this.ofMean += left.yy - 2 * mean * left.xy[0]! + mean * mean * left.weight;
  }

  r2(): number {
    return this.ofMean > 0 ? 1 - this.ofLine / this.ofMean : Number.NaN;
  }
}
