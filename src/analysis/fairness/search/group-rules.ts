import type { GapMeasure } from '../criteria.js';
import { countPositives } from '../decisions.js';
import type { People } from '../people.js';

/** Logits f of the target, and outputs of one head for each group, `[people]` each. */
export interface GroupHeadScores {
  readonly f: Float64Array;
  readonly g: readonly Float64Array[];
}

/** Decides by f − Σ t_k g_k + c > 0. */
export interface GroupHeadRule {
  readonly t: readonly number[];
  readonly c: number;
}

/** Right decisions, and the largest minus the smallest rate of the groups. */
export interface Standing {
  readonly right: number;
  readonly size: number;
}

/** A rule and what it comes to on the people it was fitted to. */
export interface GroupPoint extends GroupHeadRule, Standing {
  readonly accuracy: number;
}

/** Scores f − Σ t_k g_k, without the head `left`. */
export function sumHeads({ f, g }: GroupHeadScores, t: readonly number[], left = -1): Float64Array {
  const scores = Float64Array.from(f);
  for (const [k, head] of g.entries()) {
    if (k !== left) for (let i = 0; i < scores.length; i++) scores[i]! -= t[k]! * head[i]!;
  }
  return scores;
}

/** Decisions of a rule, 0 or 1. */
export function decideGroups(heads: GroupHeadScores, { t, c }: GroupHeadRule): Uint8Array {
  return Uint8Array.from(sumHeads(heads, t), (score) => (score + c > 0 ? 1 : 0));
}

/** What a rule comes to. */
export function standingOf(
  heads: GroupHeadScores,
  people: People,
  measure: GapMeasure,
  rule: GroupHeadRule,
): GroupPoint {
  const decisions = decideGroups(heads, rule);
  let right = 0;
  for (let i = 0; i < people.count; i++) if (decisions[i] === people.y[i]) right += 1;
  const size = measure.sizeOf(countPositives(people, decisions));
  return { t: rule.t, c: rule.c, right, accuracy: right / people.count, size };
}

/** What is aimed at: a gap of at most `slack`, beyond which each unit of gap costs `price` right decisions. */
export interface Aim {
  readonly slack: number;
  /** Infinite: no gain makes up for breaking the slack. */
  readonly price: number;
}

/** Whether p stands better than q; among equals the smaller gap is better. */
export function standsBetter(p: Standing, q: Standing, { slack, price }: Aim): boolean {
  const [here, there] = [Math.max(0, p.size - slack), Math.max(0, q.size - slack)];
  const gain = p.right - q.right;
  if (price === Number.POSITIVE_INFINITY) {
    if (here !== there) return here < there;
    return gain > 0 || (gain === 0 && p.size < q.size);
  }
  const worth = p.right - price * here - (q.right - price * there);
  return worth > 0 || (worth === 0 && p.size < q.size);
}
