import { measureDecisions } from '../decisions.js';
import { groupSize, type People } from '../people.js';
import type { Thresholds } from '../rules/thresholds.js';

/** Whom of a group a rule decides about otherwise than the unconstrained rule does. Counts of people. */
export interface GroupFlips {
  readonly size: number;
  /** Positive before, negative now. */
  readonly rejected: number;
  /** Negative before, positive now. */
  readonly accepted: number;
  /** Flips against the intended direction: the disadvantaged rejected, the advantaged accepted. */
  readonly other: number;
}

/** Who is decided about differently. */
export interface Flips {
  /** Group with the larger rate under the unconstrained rule; undefined where the rates are equal, and nothing is `other`. */
  readonly advantaged: 0 | 1 | undefined;
  readonly groups: readonly [GroupFlips, GroupFlips];
  /** Flips against the intended direction, as a share of everybody. */
  readonly otherShare: number;
  /** −1 rejected, 1 accepted, 0 as before, `[people]`. */
  readonly each: Int8Array;
}

/**
 * Compares the decisions of a rule with those of the unconstrained rule on the same people, of two groups. Flips against
 * the intended direction are harm within a group: they show where the group head takes people for others.
 */
export function listFlips(people: People, before: Uint8Array, after: Uint8Array): Flips {
  if (people.groups !== 2) throw new RangeError(`flips of two groups, not of ${people.groups}`);
  const { ddp } = measureDecisions(people, before);
  const advantaged = ddp > 0 ? 1 : ddp < 0 ? 0 : undefined;
  const each = Int8Array.from(before, (decision, i) => after[i]! - decision);
  const groupOf = (group: 0 | 1): GroupFlips => {
    let [rejected, accepted] = [0, 0];
    for (let i = 0; i < each.length; i++) {
      if (people.a[i] !== group) continue;
      if (each[i]! < 0) rejected += 1;
      if (each[i]! > 0) accepted += 1;
    }
    const other = advantaged === undefined ? 0 : group === advantaged ? accepted : rejected;
    return { size: groupSize(people.sizes, group), rejected, accepted, other };
  };
  const groups = [groupOf(0), groupOf(1)] as const;
  return { advantaged, groups, otherShare: (groups[0].other + groups[1].other) / people.count, each };
}

/** People whose score lies between the thresholds of the groups: their decision depends on their group alone. */
export interface Band {
  readonly low: number;
  readonly high: number;
  /** Share of group 0 and of group 1 with low < f ≤ high. */
  readonly shares: readonly [number, number];
}

/** The band between two thresholds, in either order. */
export function measureBand(f: Float64Array, people: People, [t0, t1]: Thresholds): Band {
  const [low, high] = [Math.min(t0, t1), Math.max(t0, t1)];
  const counts: [number, number] = [0, 0];
  for (let i = 0; i < people.count; i++) if (f[i]! > low && f[i]! <= high) counts[people.a[i]! as 0 | 1] += 1;
  return {
    low,
    high,
    shares: [counts[0] / groupSize(people.sizes, 0), counts[1] / groupSize(people.sizes, 1)],
  };
}
