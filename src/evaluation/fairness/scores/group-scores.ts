/** The people of a group by their scores, ascending; everyone may count several times or not at all. */
export interface ScoredGroup {
  readonly name: string;
  /** Probabilities of the positive class, in [0, 1]. */
  readonly scores: Float64Array;
  /** True classes, 0 or 1. */
  readonly truth: Uint8Array;
  /** How often each person counts. */
  readonly weights: Float64Array;
}

/** Two groups whose scores are compared. */
export interface ScoredPair {
  readonly groups: readonly [ScoredGroup, ScoredGroup];
  /** Steps of [0, 1] where a definition needs a grid. */
  readonly grid: number;
}

/** The people of one group, each counting once. */
export function orderScores(
  name: string,
  people: readonly { readonly score: number; readonly truth: number }[],
): ScoredGroup {
  const sorted = [...people].sort((a, b) => a.score - b.score);
  return {
    name,
    scores: Float64Array.from(sorted, ({ score }) => score),
    truth: Uint8Array.from(sorted, ({ truth }) => truth),
    weights: new Float64Array(sorted.length).fill(1),
  };
}

export function sumOfWeights({ weights }: ScoredGroup): number {
  let sum = 0;
  for (let at = 0; at < weights.length; at++) sum += weights[at]!;
  return sum;
}

export interface Moments {
  readonly n: number;
  readonly mean: number;
  /** Of the sample, with n − 1. */
  readonly variance: number;
}

/** Moments of the scores of a group, or of its people of one true class. */
export function momentsOf({ scores, truth, weights }: ScoredGroup, of?: 0 | 1): Moments {
  let [n, sum] = [0, 0];
  for (let at = 0; at < scores.length; at++) {
    if (of !== undefined && truth[at] !== of) continue;
    n += weights[at]!;
    sum += weights[at]! * scores[at]!;
  }
  const mean = sum / n;
  let squares = 0;
  for (let at = 0; at < scores.length; at++) {
    if (of !== undefined && truth[at] !== of) continue;
    squares += weights[at]! * (scores[at]! - mean) ** 2;
  }
  return { n, mean, variance: squares / (n - 1) };
}
