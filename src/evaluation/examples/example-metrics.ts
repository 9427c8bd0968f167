import {
  binReliability,
  calibrationErrorOf,
  type ReliabilityBin,
  usualBins,
} from '../metrics/binned-calibration.js';
import { type ExampleScores, hasLogits, markRight } from './example-scores.js';
import { groupDisparity, inferGroups } from './inferred-groups.js';

/** Group of every example, and how many there are. */
export interface ExampleGroups {
  readonly codes: ArrayLike<number>;
  readonly count: number;
}

export interface ExampleOptions {
  /** Classes that could have been answered; absent where it is not known. */
  readonly classes?: number | undefined;
  readonly bins?: number | undefined;
  /** Groups for the worst-group accuracy and the disparity: the worst over all variables. */
  readonly groups?: readonly ExampleGroups[] | undefined;
}

/**
 * Metrics of one network on one set, by the names that records use; NaN for what its predictions do not tell: all but
 * accuracies where only answers are known, `top_k_accuracy` of fewer than k classes.
 */
export function scoreExamples(scores: ExampleScores, options: ExampleOptions = {}): Record<string, number> {
  const { classes = 0, bins = usualBins, groups = [] } = options;
  const known = hasLogits(scores);
  const right = markRight(scores);
  const topK = (k: number) =>
    known && k <= classes ? countBelow(scores.rank, k) / right.length : Number.NaN;
  return {
    accuracy: meanOf(right),
    top_5_accuracy: topK(5),
    top_10_accuracy: topK(10),
    cross_entropy: meanOf(scores.crossEntropy),
    brier: meanOf(scores.brier),
    ece: known ? calibrationErrorOf(binReliability(scores.confidence, right, bins)) : Number.NaN,
    mean_confidence: meanOf(scores.confidence),
    inferred_group_disparity: known ? groupDisparity(scores.answer, inferGroups(scores)) : Number.NaN,
    ...(groups.length > 0 && {
      worst_group_accuracy: worstGroup(right, groups),
      group_disparity: Math.max(...groups.map(({ codes }) => groupDisparity(scores.answer, codes))),
    }),
  };
}

/** The reliability diagram of one network on one set; none where only answers are known. */
export function scoreReliability(scores: ExampleScores, bins = usualBins): ReliabilityBin[] {
  return hasLogits(scores) ? binReliability(scores.confidence, markRight(scores), bins) : [];
}

export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at]!;
  return sum / values.length;
}

function countBelow(values: Int32Array, limit: number): number {
  let count = 0;
  for (const value of values) if (value < limit) count += 1;
  return count;
}

function worstGroup(right: Uint8Array, groups: readonly ExampleGroups[]): number {
  return Math.min(
    ...groups.flatMap(({ codes, count }) => {
      const [hits, sizes] = [new Float64Array(count), new Float64Array(count)];
      for (let row = 0; row < right.length; row++) {
        hits[codes[row]!]! += right[row]!;
        sizes[codes[row]!]! += 1;
      }
      return Array.from(sizes, (size, group) => (size > 0 ? hits[group]! / size : 1));
    }),
  );
}
