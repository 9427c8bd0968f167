import { brierOf } from '../metrics/brier.js';
import { type ClassNumbers, largest, logSumExp } from '../metrics/rows.js';
import { rankOf } from '../metrics/top-k.js';

/**
 * What metrics of classes need of each example, so that a table of thousands of logits per example need not be kept. All
 * columns have one number per example; those after `answer` are NaN where only answers are known.
 */
export interface ExampleScores {
  /** True class. */
  readonly truth: Int32Array;
  /** Class with the largest logit. */
  readonly answer: Int32Array;
  /** Classes before the true one, 0 where the answer is right; −1 where only answers are known. */
  readonly rank: Int32Array;
  /** Probability of the answer. */
  readonly confidence: Float64Array;
  /** −log probability of the true class, in nats. */
  readonly crossEntropy: Float64Array;
  /** Squared distance of the probabilities from the truth, 0 to 2. */
  readonly brier: Float64Array;
  /** Entropy of the probabilities, in nats. */
  readonly entropy: Float64Array;
  /**
   * Derivative of the cross-entropy with respect to a factor of all logits, at 1: Σ (p − y) z. Its sign is the group that
   * environment inference finds (see `inferGroups`).
   */
  readonly slope: Float64Array;
}

export function createScores(size: number): ExampleScores {
  const numbers = () => new Float64Array(size).fill(Number.NaN);
  return {
    truth: new Int32Array(size),
    answer: new Int32Array(size),
    rank: new Int32Array(size).fill(-1),
    confidence: numbers(),
    crossEntropy: numbers(),
    brier: numbers(),
    entropy: numbers(),
    slope: numbers(),
  };
}

/** Fills one row of scores from its logits. All logits are finite. */
export function scoreLogits(scores: ExampleScores, row: number, logits: ClassNumbers, truth: number): void {
  const answer = largest(logits);
  const whole = logSumExp(logits);
  let [entropy, slope] = [0, -logits[truth]!];
  for (let at = 0; at < logits.length; at++) {
    const log = logits[at]! - whole;
    const p = Math.exp(log);
    if (p > 0) entropy -= p * log;
    slope += p * logits[at]!;
  }
  scores.truth[row] = truth;
  scores.answer[row] = answer;
  scores.rank[row] = rankOf(logits, truth);
  scores.confidence[row] = Math.exp(logits[answer]! - whole);
  scores.crossEntropy[row] = whole - logits[truth]!;
  scores.brier[row] = brierOf(logits, truth, whole);
  scores.entropy[row] = entropy;
  scores.slope[row] = slope;
}

/** Fills one row where only the answer is known. */
export function scoreAnswer(scores: ExampleScores, row: number, answer: number, truth: number): void {
  scores.truth[row] = truth;
  scores.answer[row] = answer;
}

/** Whether more than the answers is known. */
export function hasLogits(scores: ExampleScores): boolean {
  return scores.rank.length > 0 && scores.rank[0]! >= 0;
}

/** 1 for every right answer, else 0. */
export function markRight({ truth, answer }: ExampleScores): Uint8Array {
  return Uint8Array.from(truth, (own, row) => (answer[row] === own ? 1 : 0));
}

/** The same scores in columns of another length: longer with room for more, or cut. */
export function growScores(scores: ExampleScores, size: number): ExampleScores {
  if (scores.truth.length === size) return scores;
  const grown = createScores(size);
  const kept = Math.min(size, scores.truth.length);
  for (const [name, column] of Object.entries(scores) as [keyof ExampleScores, Float64Array][])
    grown[name].set(column.subarray(0, kept));
  return grown;
}
