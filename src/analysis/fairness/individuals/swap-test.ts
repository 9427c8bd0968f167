import { decide, type HeadRule, type HeadScores } from '../decisions.js';
import { groupSize, type People } from '../people.js';

/** What would be decided if somebody looked like the other group. */
export interface SwapTest {
  /** f + b g_other + c: positive decisions are > 0, `[people]`. */
  readonly margins: Float64Array;
  /** 1 where the decision changes, `[people]`. */
  readonly changes: Uint8Array;
  /** Share of group 0 and of group 1 whose decision changes. */
  readonly shares: readonly [number, number];
}

/**
 * Replaces each person's g by the mean of g over the other true group and looks whether the decision changes: a question
 * about the rule, not about a person who could really be in the other group. `means` are those of `meansOfHead` on the
 * set that the rule was chosen on.
 */
export function swapGroups(
  heads: HeadScores,
  people: People,
  rule: HeadRule,
  means: readonly [number, number],
): SwapTest {
  const decisions = decide(heads, rule);
  const margins = heads.f.map((f, i) => f + rule.b * means[people.a[i] === 1 ? 0 : 1] + rule.c);
  const changes = decisions.map((decision, i) => (decision === (margins[i]! > 0 ? 1 : 0) ? 0 : 1));
  const counts: [number, number] = [0, 0];
  for (const [i, change] of changes.entries()) counts[people.a[i]! as 0 | 1] += change;
  return {
    margins,
    changes,
    shares: [counts[0] / groupSize(people.sizes, 0), counts[1] / groupSize(people.sizes, 1)],
  };
}

/** Mean of g over true group 0 and over true group 1. */
export function meansOfHead(g: Float64Array, people: People): [number, number] {
  const sums: [number, number] = [0, 0];
  for (let i = 0; i < people.count; i++) sums[people.a[i]! as 0 | 1] += g[i]!;
  return [sums[0] / groupSize(people.sizes, 0), sums[1] / groupSize(people.sizes, 1)];
}
