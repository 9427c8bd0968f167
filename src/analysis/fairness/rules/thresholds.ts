import { HeldoutError } from '../../../core/errors.js';
import type { HeadRule } from '../decisions.js';

/** Thresholds of group 0 and group 1: decisions are f > threshold, strictly. ±Infinity decides alike about a whole group. */
export type Thresholds = readonly [number, number];

/**
 * The sum of heads that decides as two thresholds do, where g has one value in each group: f + b g + c > 0 with
 * b = (t0 − t1) / (g1 − g0) and c = −t0 − b g0.
 *
 * @throws HeldoutError `E_THRESHOLDS_NOT_LINEAR` where a threshold is infinite (`boundThresholds` makes it finite) or g
 * does not differ between the groups.
 */
export function toHeadRule([t0, t1]: Thresholds, [g0, g1]: readonly [number, number]): HeadRule {
  if (!Number.isFinite(t0) || !Number.isFinite(t1) || g0 === g1) {
    throw new HeldoutError({
      code: 'E_THRESHOLDS_NOT_LINEAR',
      message: `no sum f + b g + c decides as the thresholds ${t0} and ${t1} where g is ${g0} and ${g1}`,
      hints: ['bound infinite thresholds by the scores', 'use a group head that tells the groups apart'],
      exitCode: 1,
    });
  }
  const b = (t0 - t1) / (g1 - g0);
  return { b, c: 0 - t0 - b * g0 };
}

/** The thresholds on f that a sum of heads means where g has one value in each group: −(b g + c). */
export function toThresholds({ b, c }: HeadRule, [g0, g1]: readonly [number, number]): Thresholds {
  return [0 - (b * g0 + c), 0 - (b * g1 + c)];
}

/** Replaces infinite thresholds by ones just beyond the scores, which decide the same about these people. */
export function boundThresholds(thresholds: Thresholds, scores: Float64Array): Thresholds {
  let [low, high] = [0, 0];
  for (const score of scores) {
    low = Math.min(low, score);
    high = Math.max(high, score);
  }
  const bound = (threshold: number) => Math.min(high + 1, Math.max(low - 1, threshold));
  return [bound(thresholds[0]), bound(thresholds[1])];
}

/** Decisions by the threshold of each person's group. */
export function decideByGroup(
  f: Float64Array,
  groups: Uint8Array | Uint16Array,
  thresholds: readonly number[],
): Uint8Array {
  return Uint8Array.from(f, (score, i) => (score > thresholds[groups[i]!]! ? 1 : 0));
}
