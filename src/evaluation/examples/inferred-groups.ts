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

/**
 * Mean over examples of the total variation between the answers of their group and all answers, 0 to 1: demographic
 * disparity as the assay of Wenzel et al. (2022) has it. NaN where only answers are known.
 */
export function groupDisparity(answer: ArrayLike<number>, group: ArrayLike<number>): number {
  const n = answer.length;
  const [all, byGroup] = [new Map<number, number>(), new Map<number, Map<number, number>>()];
  const add = (counts: Map<number, number>, key: number) => counts.set(key, (counts.get(key) ?? 0) + 1);
  for (let row = 0; row < n; row++) {
    add(all, answer[row]!);
    const own = byGroup.get(group[row]!) ?? new Map<number, number>();
    byGroup.set(group[row]!, own);
    add(own, answer[row]!);
  }
  let sum = 0;
  for (const counts of byGroup.values()) {
    const size = [...counts.values()].reduce((total, count) => total + count, 0);
    let variation = 0;
    for (const [key, count] of all) variation += Math.abs((counts.get(key) ?? 0) / size - count / n) / 2;
    sum += (size / n) * variation;
  }
  return sum;
}
