import { normalQuantile } from '../../core/numbers/normal-quantile.js';

/** The z of a two-sided interval of coverage `level`, where `several` such intervals are to hold at once (Bonferroni). */
export function criticalValue(level: number, several = 1): number {
  return normalQuantile(1 - (1 - level) / (2 * several));
}
