import { HeldoutError } from '../../core/errors.js';
import { readTextIfThere } from '../../core/files/files.js';
import { isJsonObject, type JsonObject } from '../../core/json.js';
import type { RecordRow } from '../predictions.js';
import { parseRecord, type RunRecord } from '../record.js';

/** What a run's circuit comes to when processors are taken from it, in rows as those of its record. */
export interface PruningRecord extends RunRecord {
  /** What was asked for, and of which weights: the same again need not be measured. */
  readonly request: JsonObject;
}

/**
 * | metric              | set         | group                                            | value                           |
 * |---------------------|-------------|--------------------------------------------------|---------------------------------|
 * | `pruned_accuracy`   | its name    | `order` (`whole`, `degree` ...), `kept`, `of`, `draw` | mean accuracy over the targets  |
 * | `images_per_second` | `any`       | `kept`, `of`                                     | median over batches             |
 */
export const prunedAccuracy = 'pruned_accuracy';
export const imagesPerSecond = 'images_per_second';

export function accuracyRow(
  set: string,
  net: { readonly order: string; readonly draw: number; readonly kept: number; readonly of: number },
  value: number,
  n: number,
): RecordRow {
  const { order, draw, kept, of } = net;
  const group = { order, kept: String(kept), of: String(of), draw: String(draw) };
  return { set, metric: prunedAccuracy, group, value, n };
}

export function speedRow(kept: number, of: number, value: number, n: number): RecordRow {
  const group = { kept: String(kept), of: String(of) };
  return { set: 'any', metric: imagesPerSecond, group, value, n };
}

/** The record, or undefined where there is none. Throws HeldoutError when the file is damaged. */
export function readPruning(path: string, run: string): PruningRecord | undefined {
  const text = readTextIfThere(path);
  if (text === undefined) return undefined;
  try {
    const record = parseRecord(text, path) as PruningRecord;
    if (record.run === run && isJsonObject(record.request)) return record;
  } catch (error) {
    if (!(error instanceof HeldoutError)) throw error;
  }
  throw new HeldoutError({
    code: 'E_PRUNING_CORRUPT',
    message: 'what was measured of the pruned circuits of a run is damaged',
    place: path,
    hints: [`rm ${path}`, 'npm run experiment -- prune STUDY measures it anew'],
    exitCode: 1,
  });
}
