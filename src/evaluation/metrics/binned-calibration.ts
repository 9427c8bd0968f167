import type { PredictionsTable, RecordRow } from '../predictions.js';
import { answerOf, largest, logSumExp, scoreClasses } from './rows.js';

/** Bins of a reliability diagram unless told otherwise. */
export const usualBins = 10;

export interface BinOptions {
  /** Bins of equal width over [0, 1]. */
  readonly bins?: number | undefined;
}

/** One bin of a reliability diagram. */
export interface ReliabilityBin {
  readonly n: number;
  /** Share of right answers; NaN where the bin is empty. */
  readonly accuracy: number;
  /** Mean probability of the answers; NaN where the bin is empty. */
  readonly confidence: number;
}

/**
 * Examples by the probability of their answer in bins of equal width: bin ⌊confidence · bins⌋, so that a bin has its lower
 * edge, and 1 goes to the last (the assay of Wenzel et al. 2022).
 * @param right 1 where the answer is right, else 0.
 */
export function binReliability(
  confidence: ArrayLike<number>,
  right: ArrayLike<number>,
  bins = usualBins,
): ReliabilityBin[] {
  const [counts, hits, sums] = [new Float64Array(bins), new Float64Array(bins), new Float64Array(bins)];
  for (let row = 0; row < confidence.length; row++) {
    const bin = Math.min(bins - 1, Math.max(0, Math.floor(confidence[row]! * bins)));
    counts[bin]! += 1;
    hits[bin]! += right[row]!;
    sums[bin]! += confidence[row]!;
  }
  return Array.from(counts, (n, bin) => ({ n, accuracy: hits[bin]! / n, confidence: sums[bin]! / n }));
}

/** Mean over examples of |accuracy − mean probability| of their bin; empty bins add nothing. */
export function calibrationErrorOf(bins: readonly ReliabilityBin[]): number {
  let [sum, n] = [0, 0];
  for (const bin of bins) {
    if (bin.n > 0) sum += bin.n * Math.abs(bin.accuracy - bin.confidence);
    n += bin.n;
  }
  return sum / n;
}

/**
 * Expected calibration error as the assay has it: 10 bins that are closed below. `calibration_error` is that of Guo et al.
 * (2017), 15 bins closed above. Groups: see `scoreClasses`.
 */
export function scoreBinnedCalibration(
  table: PredictionsTable,
  { bins = usualBins }: BinOptions = {},
): RecordRow[] {
  return scoreClasses(table, 'ece', (target, rows) => {
    const confidence = new Float64Array(rows.length);
    const right = new Uint8Array(rows.length);
    for (const [at, row] of rows.entries()) {
      const { logits, truth } = answerOf(table, target, row);
      const answer = largest(logits);
      confidence[at] = Math.exp(logits[answer]! - logSumExp(logits));
      right[at] = answer === truth ? 1 : 0;
    }
    return calibrationErrorOf(binReliability(confidence, right, bins));
  });
}
