import type { PredictionsTable, RecordRow } from '../predictions.js';
import { answerOf, largest, logSumExp, scoreClasses } from './rows.js';

const bins = 15;

/**
 * Expected calibration error (Guo et al. 2017): examples go by the probability of the predicted class into 15 bins
 * of equal width over (0, 1]; the mean over examples of |accuracy − mean probability| of their bin. Groups: see
 * `scoreClasses`.
 */
export function scoreCalibration(table: PredictionsTable): RecordRow[] {
  return scoreClasses(table, 'calibration_error', (target, rows) => {
    const surplus = new Float64Array(bins);
    for (const row of rows) {
      const { logits, truth } = answerOf(table, target, row);
      const answer = largest(logits);
      const confidence = Math.exp(logits[answer]! - logSumExp(logits));
      const bin = Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1));
      surplus[bin]! += (answer === truth ? 1 : 0) - confidence;
    }
    return surplus.reduce((sum, value) => sum + Math.abs(value), 0) / rows.length;
  });
}
