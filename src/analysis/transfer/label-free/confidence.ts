import type { ExampleScores } from '../../../evaluation/examples/example-scores.js';
import type { PairPredictions } from './predictions.js';

/** Estimates of OOD accuracy from confidences; NaN where only answers are known. */
export interface ConfidenceEstimates {
  /** Average thresholded confidence (Garg et al. 2022) of the largest probability ... */
  readonly atcConfidence: number;
  /** ... and of the negative entropy. */
  readonly atcEntropy: number;
  /** Difference of confidences (Guillory et al. 2021), without the regression: ID accuracy less the fall in mean confidence. */
  readonly doc: number;
  /** Mean confidence itself: what a calibrated network would have right. */
  readonly meanConfidence: number;
}

/**
 * Average thresholded confidence (Garg, Balakrishnan, Lipton, Neyshabur and Sedghi 2022, "Leveraging unlabeled data to
 * predict out-of-distribution performance"): the threshold below which as many ID examples score as are wrong, and the
 * share of OOD examples that score at least it. Scores are taken as they are, without temperature scaling.
 */
export function estimateFromConfidence({ id, ood, idAccuracy }: PairPredictions): ConfidenceEstimates {
  const [ofId, ofOod] = [meanOf(id.confidence), meanOf(ood.confidence)];
  const certainty = ({ entropy }: ExampleScores) => entropy.map((value) => -value);
  return {
    atcConfidence: shareAbove(id.confidence, ood.confidence, idAccuracy),
    atcEntropy: shareAbove(certainty(id), certainty(ood), idAccuracy),
    doc: idAccuracy + ofOod - ofId,
    meanConfidence: ofOod,
  };
}

function shareAbove(id: Float64Array, ood: Float64Array, idAccuracy: number): number {
  if (id.some(Number.isNaN) || ood.some(Number.isNaN)) return Number.NaN;
  const wrong = Math.round((1 - idAccuracy) * id.length);
  const sorted = Float64Array.from(id).sort();
  const threshold = wrong >= sorted.length ? Number.POSITIVE_INFINITY : sorted[wrong]!;
  let above = 0;
  for (const score of ood) if (score >= threshold) above += 1;
  return above / ood.length;
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
