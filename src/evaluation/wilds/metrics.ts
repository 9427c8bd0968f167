/** A metric of WILDS over some rows: of class indices, or of numbers. */
export interface WildsMetric {
  /** As keys begin: `acc`, `F1-macro`. */
  readonly name: string;
  /** Whether it is a mean over rows: then the key of all is `NAME_avg`, else `NAME_all`. */
  readonly elementwise: boolean;
  /** Whether the largest value is the worst one, as of a loss. */
  readonly loss: boolean;
  /** Of at least one row. */
  compute(predicted: ArrayLike<number>, actual: ArrayLike<number>): number;
}

const score = { elementwise: false, loss: false } as const;

export const accuracy: WildsMetric = {
  ...{ name: 'acc', elementwise: true, loss: false },
  compute: (predicted, actual) => meanOf(actual, (row) => Number(predicted[row] === actual[row])),
};

/** Mean over the classes that occur. */
export const macroRecall: WildsMetric = {
  ...score,
  name: 'recall-macro',
  compute: (predicted, actual) =>
    meanOfClasses(predicted, actual, ({ hits, missed }) => hits / (hits + missed)),
};

/** Mean over the classes that occur; 0 of a class that is never hit. */
export const macroF1: WildsMetric = {
  ...score,
  name: 'F1-macro',
  compute: (predicted, actual) =>
    meanOfClasses(predicted, actual, ({ hits, missed, wrong }) => (2 * hits) / (2 * hits + missed + wrong)),
};

/** Pearson's correlation; NaN where either does not vary. */
export const correlation: WildsMetric = {
  ...score,
  name: 'r',
  compute(predicted, actual) {
    const [x, y] = [meanOf(predicted, (row) => predicted[row]!), meanOf(actual, (row) => actual[row]!)];
    const mean = (product: (dx: number, dy: number) => number) =>
      meanOf(actual, (row) => product(predicted[row]! - x, actual[row]! - y));
    return mean((dx, dy) => dx * dy) / Math.sqrt(mean((dx) => dx * dx) * mean((_, dy) => dy * dy));
  },
};

export const squaredError: WildsMetric = {
  ...{ name: 'mse', elementwise: true, loss: true },
  compute: (predicted, actual) => meanOf(actual, (row) => (predicted[row]! - actual[row]!) ** 2),
};

/** Of the rows of one class: those that are answered so, those that are not, and other rows that are answered so. */
interface ClassCounts {
  hits: number;
  missed: number;
  wrong: number;
}

function meanOfClasses(
  predicted: ArrayLike<number>,
  actual: ArrayLike<number>,
  value: (counts: ClassCounts) => number,
): number {
  const counts = new Map<number, ClassCounts>();
  for (let row = 0; row < actual.length; row++) {
    const own = counts.get(actual[row]!) ?? { hits: 0, missed: 0, wrong: 0 };
    counts.set(actual[row]!, own);
    if (predicted[row] === actual[row]) own.hits++;
    else own.missed++;
  }
  for (let row = 0; row < actual.length; row++) {
    const answered = counts.get(predicted[row]!);
    if (answered !== undefined && predicted[row] !== actual[row]) answered.wrong++;
  }
  const all = [...counts.values()];
  return all.reduce((sum, each) => sum + value(each), 0) / all.length;
}

function meanOf(rows: ArrayLike<number>, value: (row: number) => number): number {
  let sum = 0;
  for (let row = 0; row < rows.length; row++) sum += value(row);
  return sum / rows.length;
}
