import { quantileOf } from '../../../core/numbers/quantiles.js';
import type { People } from '../people.js';

/** A bin of people of like scores. */
export interface ScoreBin {
  readonly low: number;
  readonly high: number;
  /** People of group 0 and of group 1. */
  readonly sizes: readonly [number, number];
  /** Their rates of positive decisions. */
  readonly rates: readonly [number, number];
}

/** How differently people of the same score are decided about, by their group. */
export interface MatchedGap {
  /**
   * Rate of positive decisions of group 1 minus group 0 among people of like score; near 0 for any threshold on the score
   * that is blind to groups. Undefined where no bin has enough people of both groups.
   */
  readonly gap: number | undefined;
  readonly bins: readonly ScoreBin[];
  /** Share of all people who are in these bins. */
  readonly covered: number;
}

/**
 * The matched-score gap: people are put into quantile bins of the accuracy-optimal score, which keep equal scores
 * together; within bins that have at least `least` of each group, the difference of rates is averaged with weights
 * 2 n1 n0 / (n1 + n0). It takes only decisions, so it works on nets that cannot be looked into.
 */
export function measureMatchedGap(
  scores: Float64Array,
  people: People,
  decisions: Uint8Array,
  { quantiles = 40, least = 5 }: { readonly quantiles?: number; readonly least?: number } = {},
): MatchedGap {
  if (people.groups !== 2) throw new RangeError(`matched scores of two groups, not of ${people.groups}`);
  const sorted = scores.slice().sort();
  const edges = Array.from({ length: quantiles - 1 }, (_, k) => quantileOf(sorted, (k + 1) / quantiles));
  const sizes = Array.from({ length: quantiles }, () => [0, 0]);
  const positives = Array.from({ length: quantiles }, () => [0, 0]);
  for (let i = 0; i < people.count; i++) {
    const bin = binOf(edges, scores[i]!);
    sizes[bin]![people.a[i]!]! += 1;
    positives[bin]![people.a[i]!]! += decisions[i]!;
  }
  const bins: ScoreBin[] = [];
  let [weighted, weights, covered] = [0, 0, 0];
  for (const [k, [n0 = 0, n1 = 0]] of sizes.entries()) {
    if (Math.min(n0, n1) < Math.max(1, least)) continue;
    const rates = [positives[k]![0]! / n0, positives[k]![1]! / n1] as const;
    const weight = (2 * n1 * n0) / (n1 + n0);
    weighted += weight * (rates[1] - rates[0]);
    weights += weight;
    covered += n0 + n1;
    bins.push({ low: edges[k - 1] ?? sorted[0]!, high: edges[k] ?? sorted.at(-1)!, sizes: [n0, n1], rates });
  }
  return { gap: weights === 0 ? undefined : weighted / weights, bins, covered: covered / people.count };
}

/** How many edges lie at or below a score. */
function binOf(edges: readonly number[], score: number): number {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle]! <= score) low = middle + 1;
    else high = middle;
  }
  return low;
}
