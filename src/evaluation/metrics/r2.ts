import type { PredictionsTable, RecordRow } from '../predictions.js';
import { scoreSquaredErrors } from './squared-error.js';

/**
 * R² = 1 − MSE / variance, per target; the variance is the population variance over the full grid, train
 * and test together, so a constant is not at 0 off the training distribution (Schott et al. 2022). Not
 * clipped; at most 1. A target with one level only (variance 0) has no row. Groups: see `scoreSquaredErrors`.
 */
export function scoreR2(table: PredictionsTable): RecordRow[] {
  return scoreSquaredErrors(table, 'r2', (target, meanSquaredError) => {
    const variance = table.context.variance[target] ?? 0;
    return variance > 0 ? 1 - meanSquaredError / variance : undefined;
  });
}
