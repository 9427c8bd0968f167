import { HeldoutError } from '../core/errors.js';
import { scoreAccuracy } from './metrics/accuracy.js';
import { scoreCalibration } from './metrics/calibration.js';
import { scoreCrossEntropy } from './metrics/cross-entropy.js';
import type { GroupOptions } from './metrics/groups.js';
import { scoreMeanRatio } from './metrics/mean-ratio.js';
import { scoreMse } from './metrics/mse.js';
import { scoreR2 } from './metrics/r2.js';
import { scoreWorstGroup } from './metrics/worst-group.js';
import type { PredictionsTable, RecordRow } from './predictions.js';
import { restrictClasses } from './restrict-classes.js';

/** A pure function of the predictions; every row it returns carries its own name as `metric`. */
export type Metric = (table: PredictionsTable, options: GroupOptions) => RecordRow[];

export const metrics = {
  r2: scoreR2,
  mse: scoreMse,
  mean_ratio: scoreMeanRatio,
  accuracy: scoreAccuracy,
  cross_entropy: scoreCrossEntropy,
  calibration_error: scoreCalibration,
  worst_group_accuracy: scoreWorstGroup,
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof metrics;

/**
 * Rows of the named metrics, in the order of the names. Throws HeldoutError on an unknown name, and on
 * predictions that are not finite: a diverged run has no score, and must not vanish from an average.
 */
export function scorePredictions(
  table: PredictionsTable,
  names: readonly string[],
  options: GroupOptions & { readonly present_classes_only?: boolean | undefined } = {},
): RecordRow[] {
  for (const [target, column] of Object.entries({ ...table.predictions, ...table.logits })) {
    const wrong = column.reduce((count, value) => count + (Number.isFinite(value) ? 0 : 1), 0);
    if (wrong === 0) continue;
    throw new HeldoutError({
      code: 'E_PREDICTIONS_NOT_FINITE',
      message: `${wrong} of ${column.length} predictions of ${target} are not finite numbers: training diverged`,
      hints: ['lower the learning rate: training.optimizer.learning_rate=1e-4'],
      exitCode: 1,
    });
  }
  const scored = options.present_classes_only === true ? restrictClasses(table) : table;
  return names.flatMap((name) => findMetric(name)(scored, options));
}

function findMetric(name: string): Metric {
  if (Object.hasOwn(metrics, name)) return metrics[name as MetricName];
  throw new HeldoutError({
    code: 'E_METRIC_UNKNOWN',
    message: `there is no metric called ${name}`,
    place: 'evaluation.metrics',
    hints: [`use one of: ${Object.keys(metrics).join(', ')}`],
  });
}
