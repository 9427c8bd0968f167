import type { PredictionsTable, RecordRow } from '../predictions.js';
import { scoreSquaredErrors } from './squared-error.js';

/** Mean squared error per target, in squared units of the scaled target. Groups: see `scoreSquaredErrors`. */
export function scoreMse(table: PredictionsTable): RecordRow[] {
  return scoreSquaredErrors(table, 'mse', (_, meanSquaredError) => meanSquaredError);
}
