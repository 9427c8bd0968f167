import { HeldoutError } from '../../core/errors.js';
import { isAttackRow } from '../../evaluation/attacks/rows.js';
import { isCorruptedRow } from '../../evaluation/corrupted-rows.js';
import { isDetectionRow } from '../../evaluation/detection/rows.js';
import { isMeasureRow } from '../../evaluation/generalisation/rows.js';
import { scorePredictions } from '../../evaluation/index.js';
import { readPredictions } from '../../evaluation/predictions-file.js';
import { isProbeRow } from '../../evaluation/probes/rows.js';
import { encodeRecord, readRecord } from '../../evaluation/record.js';
import { isShiftRow } from '../../evaluation/shift/rows.js';
import type { JobContext, JobEnd } from '../context.js';
import { stepsOf } from '../steps.js';

/**
 * The record anew from the predictions, for metrics that are computed otherwise now. Throws HeldoutError where
 * training is not complete, and where the predictions are not those of the config's evaluation.
 */
export async function recomputeRecord({ config, run }: JobContext): Promise<JobEnd> {
  const steps = stepsOf(config);
  const { trained = 0 } = run.status().stages;
  if (trained < steps) {
    throw refuse(run.id, 'E_RUN_NOT_TRAINED', 'its training is not complete', [
      'or run the command that started it again: it continues where it was',
    ]);
  }
  const former = readRecord(run.paths.record);
  if (former === undefined) throw refuse(run.id, 'E_RECORD_MISSING', 'it has no record');
  const table = await readPredictions(run.paths.predictions, run.id);
  if (table.context.evaluation !== run.evaluation) {
    throw refuse(run.id, 'E_PREDICTIONS_OTHER', 'its predictions are of another evaluation than its config');
  }
  const scored = scorePredictions(table, config.evaluation.metrics, config.evaluation);
  // Of which predictions do not tell.
  const readOffTheModel = [isProbeRow, isAttackRow, isCorruptedRow, isDetectionRow, isShiftRow, isMeasureRow];
  const kept = former.rows.filter((row) => readOffTheModel.some((is) => is(row)));
  const rows = [...scored, ...kept];
  run.writeFile('record', encodeRecord({ ...former, rows }));
  return { outcome: 'finished', step: steps };
}

function refuse(run: string, code: string, why: string, hints: readonly string[] = []): HeldoutError {
  return new HeldoutError({
    code,
    message: `the metrics of run ${run} cannot be recomputed: ${why}`,
    hints: [`npm run experiment -- evaluate ${run}`, ...hints],
    exitCode: 1,
  });
}
