import { answerOf, largest, listClassTargets, listSets } from '../metrics/rows.js';
import type { PredictionsTable } from '../predictions.js';
import { evaluateAll, evaluateByName, type WildsResults } from './evaluate.js';
import { createGrouper } from './grouper.js';
import { accuracy, correlation, macroF1, macroRecall, squaredError, type WildsMetric } from './metrics.js';

/** One set of a run's predictions as WILDS has them. */
export interface WildsSet {
  readonly set: string;
  /** Classes, or numbers, by ascending example. */
  readonly predicted: readonly number[];
  readonly results: WildsResults;
}

/** What WILDS computes of images with classes, and of a number. */
const classMetrics = [accuracy, macroRecall, macroF1] as const;
const numberMetrics = [correlation, squaredError] as const;

/**
 * Every set of a run's predictions of one target, with the numbers that WILDS has of such a target; undefined where there is
 * more than one. The target's classes can be a field, too.
 * @param by Variables whose joint levels are groups; undefined: all rows are one group.
 */
export function readWildsSets(
  table: PredictionsTable,
  by: readonly string[] | undefined,
): readonly WildsSet[] | undefined {
  const classes = listClassTargets(table);
  const targets = classes.length > 0 ? classes : Object.keys(table.predictions);
  const [target, ...others] = targets;
  if (target === undefined || others.length > 0) return undefined;
  const isClass = classes.length > 0;
  const metrics: readonly WildsMetric[] = isClass ? classMetrics : numberMetrics;
  return [...listSets(table)].map(([set, found]) => {
    const rows = found.toSorted((a, b) => table.example[a]! - table.example[b]!);
    const pick = (values: ArrayLike<number>) => rows.map((row) => values[row]!);
    const answers = {
      predicted: isClass
        ? rows.map((row) => largest(answerOf(table, target, row).logits))
        : pick(table.predictions[target]!),
      actual: pick(isClass ? table.variables[target]! : table.targets[target]!),
    };
    const grouper = by && createGrouper(describeFields(table, pick), by);
    const results = metrics.map((metric) =>
      grouper === undefined ? evaluateAll(metric, answers) : evaluateByName(metric, answers, grouper),
    );
    return { set, predicted: answers.predicted, results: Object.assign({}, ...results) };
  });
}

function describeFields(
  { variables, context }: PredictionsTable,
  pick: (values: ArrayLike<number>) => readonly number[],
) {
  return Object.entries(variables).map(([name, values]) => ({
    name,
    values: pick(values),
    names: context.names?.[name],
  }));
}
