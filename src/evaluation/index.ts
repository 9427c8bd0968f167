import { HeldoutError } from '../core/errors.js';
import { scoreAccuracy } from './metrics/accuracy.js';
import { type BinOptions, scoreBinnedCalibration } from './metrics/binned-calibration.js';
import { scoreBrier } from './metrics/brier.js';
import { scoreCalibration } from './metrics/calibration.js';
import { scoreCrossEntropy } from './metrics/cross-entropy.js';
import {
  type DisparityOptions,
  scoreGroupDisparity,
  scoreInferredDisparity,
  scoreInferredDisparityByAdam,
} from './metrics/group-disparity.js';
import { scoreMeanRatio } from './metrics/mean-ratio.js';
import { scoreMse } from './metrics/mse.js';
import { scoreDefinition, scoreGroupRate, scoreScores } from './metrics/protected-groups.js';
import { scoreR2 } from './metrics/r2.js';
import { scoreTopK } from './metrics/top-k.js';
import { scoreWorstGroup } from './metrics/worst-group.js';
import type { PredictionsTable, RecordRow } from './predictions.js';
import { restrictClasses } from './restrict-classes.js';

/** A pure function of the predictions; every row it returns carries its own name as `metric`. */
export type Metric = (table: PredictionsTable, options: MetricOptions) => RecordRow[];

export type MetricOptions = DisparityOptions & BinOptions;

export const metrics = {
  r2: scoreR2,
  mse: scoreMse,
  mean_ratio: scoreMeanRatio,
  accuracy: scoreAccuracy,
  cross_entropy: scoreCrossEntropy,
  calibration_error: scoreCalibration,
  worst_group_accuracy: scoreWorstGroup,
  top_5_accuracy: scoreTopK(5),
  top_10_accuracy: scoreTopK(10),
  brier: scoreBrier,
  ece: scoreBinnedCalibration,
  group_disparity: scoreGroupDisparity,
  inferred_group_disparity: scoreInferredDisparity,
  inferred_group_disparity_adam: scoreInferredDisparityByAdam,
  positive_rate: scoreGroupRate('positive_rate'),
  base_rate: scoreGroupRate('base_rate'),
  true_positive_rate: scoreGroupRate('true_positive_rate'),
  false_positive_rate: scoreGroupRate('false_positive_rate'),
  positive_predictive_value: scoreGroupRate('positive_predictive_value'),
  demographic_parity: scoreDefinition('demographic_parity'),
  demographic_parity_gap: scoreDefinition('demographic_parity_gap'),
  demographic_parity_ratio: scoreDefinition('demographic_parity_ratio'),
  disparate_impact: scoreDefinition('disparate_impact'),
  equal_opportunity: scoreDefinition('equal_opportunity'),
  equal_opportunity_gap: scoreDefinition('equal_opportunity_gap'),
  equalized_odds_max: scoreDefinition('equalized_odds_max'),
  equalized_odds_mean: scoreDefinition('equalized_odds_mean'),
  equalized_odds_sum: scoreDefinition('equalized_odds_sum'),
  average_odds: scoreDefinition('average_odds'),
  predictive_parity: scoreDefinition('predictive_parity'),
  predictive_parity_gap: scoreDefinition('predictive_parity_gap'),
  accuracy_parity: scoreDefinition('accuracy_parity'),
  accuracy_parity_gap: scoreDefinition('accuracy_parity_gap'),
  treatment_equality: scoreDefinition('treatment_equality'),
  theil_index: scoreDefinition('theil_index'),
  differential_fairness: scoreDefinition('differential_fairness'),
  abcc: scoreScores('abcc'),
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof metrics;

/**
 * Rows of the named metrics, in the order of the names. Throws HeldoutError on an unknown name, and on
 * predictions that are not finite: a diverged run has no score, and must not vanish from an average.
 */
export function scorePredictions(
  table: PredictionsTable,
  names: readonly string[],
  options: MetricOptions & { readonly present_classes_only?: boolean | undefined } = {},
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
