import type { RecordRow } from '../predictions.js';
import type { Detection } from './metrics.js';

/** How well a set is told from that in distribution: groups are `{score, in: the set in distribution}`. */
export const detectionMetrics = {
  auroc: 'ood_auroc',
  fpr95: 'ood_fpr95',
  auprIn: 'ood_aupr_in',
  auprOut: 'ood_aupr_out',
} as const satisfies Readonly<Record<keyof Detection, string>>;

/** @param n Examples of both sets. */
export function detectionRows(
  set: string,
  group: { readonly score: string; readonly in: string },
  found: Detection,
  n: number,
): RecordRow[] {
  return Object.entries(detectionMetrics).map(([key, metric]) => ({
    ...{ set, metric, group, value: found[key as keyof Detection], n },
  }));
}

/** Whether a row is of a detection, which needs the features of the network. */
export function isDetectionRow({ metric }: RecordRow): boolean {
  return Object.values(detectionMetrics).some((name) => name === metric);
}
