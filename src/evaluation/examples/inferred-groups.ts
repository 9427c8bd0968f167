import type { ExampleScores } from './example-scores.js';

/**
 * Two groups of examples that break invariance most: environment inference of Creager et al. (2021, EIIL) in closed form.
 * It looks for soft memberships q that maximise the mean over both groups of (mean of w · D)², where w is q or 1 − q and D
 * the derivative of an example's cross-entropy with respect to a factor of all its logits. That is convex in q, so its
 * maximum lies at a vertex: the group is the sign of D.
 * @returns 1 for D above 0, else 0.
 */
export function inferGroups({ slope }: ExampleScores): Uint8Array {
  return Uint8Array.from(slope, (value) => (value > 0 ? 1 : 0));
}

/** How far the answers of one group are from all answers. */
export interface GroupVariation {
  readonly group: number;
  /** Its examples. */
  readonly n: number;
  /** Total variation between its answers and those of all examples, 0 to 1. */
  readonly variation: number;
}

/** Of every group that has an example, in the order of their first ones. */
export function listVariations(answer: ArrayLike<number>, group: ArrayLike<number>): GroupVariation[] {
  const all = new Map<number, number>();
  const byGroup = new Map<number, Map<number, number>>();
  const add = (counts: Map<number, number>, key: number) => counts.set(key, (counts.get(key) ?? 0) + 1);
  for (let row = 0; row < answer.length; row++) {
    add(all, answer[row]!);
    const own = byGroup.get(group[row]!) ?? new Map<number, number>();
    byGroup.set(group[row]!, own);
    add(own, answer[row]!);
  }
  return [...byGroup].map(([name, counts]) => {
    const n = [...counts.values()].reduce((total, count) => total + count, 0);
    let variation = 0;
    for (const [key, count] of all) {
      variation += Math.abs((counts.get(key) ?? 0) / n - count / answer.length) / 2;
    }
    return { group: name, n, variation };
  });
}

/**
 * Mean over examples of the total variation between the answers of their group and all answers, 0 to 1: demographic
 * disparity as the assay of Wenzel et al. (2022) has it, and the fairness score of Locatello et al. (2019). NaN of no
 * examples.
 */
export function groupDisparity(answer: ArrayLike<number>, group: ArrayLike<number>): number {
  const sum = listVariations(answer, group).reduce((total, { n, variation }) => total + n * variation, 0);
  return sum / answer.length;
}
