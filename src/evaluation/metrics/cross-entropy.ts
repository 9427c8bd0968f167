import type { PredictionsTable, RecordRow } from '../predictions.js';
import { answerOf, logSumExp, mean, scoreClasses } from './rows.js';

/** Negative log-likelihood of the true class, in nats, mean over examples. Groups: see `scoreClasses`. */
export function scoreCrossEntropy(table: PredictionsTable): RecordRow[] {
  return scoreClasses(table, 'cross_entropy', (target, rows) =>
    mean(
      rows.map((row) => {
        const { logits, truth } = answerOf(table, target, row);
        return logSumExp(logits) - logits[truth]!;
      }),
    ),
  );
}
