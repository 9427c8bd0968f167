import type { RecordRow } from '../predictions.js';
import type { Estimate, ProbeScore } from './score.js';

/**
 * What can be told of a variable, per set: `probe_accuracy`, `probe_auc` and `probe_balanced_accuracy`, each with the ends
 * of its 95 % interval as metrics of their own (`probe_accuracy_lower`, `probe_accuracy_upper`). Groups are
 * `{protected: the variable, probe: a name of probeNames}`.
 */
export const probeMetrics = {
  accuracy: 'probe_accuracy',
  auc: 'probe_auc',
  balancedAccuracy: 'probe_balanced_accuracy',
} as const;

/**
 * `logistic` and `mlp` read the last hidden layer. The others say what that is worth: the most frequent group of the
 * training set, a logistic probe of the same network before training, one of groups that were shuffled, and one of the
 * inputs themselves.
 */
export const probeNames = [
  'logistic',
  'mlp',
  'majority',
  'random-initialisation',
  'shuffled',
  'raw-inputs',
] as const;
export type ProbeName = (typeof probeNames)[number];

/** What a probe came to on a set. */
export function probeRows(
  set: string,
  variable: string,
  probe: ProbeName,
  score: ProbeScore,
  n: number,
): RecordRow[] {
  const group = { protected: variable, probe };
  return Object.entries(probeMetrics).flatMap(([key, metric]) => {
    const estimate: Estimate | undefined = score[key as keyof ProbeScore];
    if (estimate === undefined) return [];
    const { value, lower, upper } = estimate;
    return [
      { set, metric, group, value, n },
      { set, metric: `${metric}_lower`, group, value: lower, n },
      { set, metric: `${metric}_upper`, group, value: upper, n },
    ];
  });
}

/** Whether a row of a record is of a probe: what only the model itself, not its predictions, can give. */
export function isProbeRow({ metric }: RecordRow): boolean {
  return Object.values(probeMetrics).some((name) => metric === name || metric.startsWith(`${name}_`));
}
