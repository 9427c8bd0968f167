import type { RecordRow } from './predictions.js';

/**
 * Scores on corrupted images: metrics of the set with this prefix, by groups `{corruption, severity}`. The corruption is a
 * name of ImageNet-C, `none` (severity 0) for the same images as they are, or `all` for all kinds together.
 */
export const corruptedPrefix = 'corrupted_';
export const noCorruption = 'none';
export const allCorruptions = 'all';

/** What is scored of everything in a set, as a score on these corrupted images. */
export function corruptedRows(
  rows: readonly RecordRow[],
  corruption: string,
  severity: number,
): readonly RecordRow[] {
  return rows
    .filter(({ group }) => Object.keys(group).length === 0)
    .map((row) => ({
      ...row,
      metric: `${corruptedPrefix}${row.metric}`,
      group: { corruption, severity: String(severity) },
    }));
}

/** Whether a row is of corrupted images, whose predictions are not kept. */
export function isCorruptedRow({ metric }: RecordRow): boolean {
  return metric.startsWith(corruptedPrefix);
}
