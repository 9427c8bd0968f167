import type { PredictionsTable, RecordRow } from '../predictions.js';
import { answerOf, type ClassNumbers, logSumExp, mean, scoreClasses } from './rows.js';

/** Squared distance of a row's probabilities from the true class's: 0 to 2. */
export function brierOf(logits: ClassNumbers, truth: number, whole = logSumExp(logits)): number {
  let sum = 0;
  for (let at = 0; at < logits.length; at++) {
    const error = Math.exp(logits[at]! - whole) - (at === truth ? 1 : 0);
    sum += error * error;
  }
  return sum;
}

/**
 * Brier's score (1950) in its first form, a sum over all classes: the squared distance of the probabilities from the true
 * class's, mean over examples; 0 to 2, for two classes twice what is often reported. Groups: see `scoreClasses`.
 */
export function scoreBrier(table: PredictionsTable): RecordRow[] {
  return scoreClasses(table, 'brier', (target, rows) =>
    mean(
      rows.map((row) => {
        const { logits, truth } = answerOf(table, target, row);
        return brierOf(logits, truth);
      }),
    ),
  );
}
