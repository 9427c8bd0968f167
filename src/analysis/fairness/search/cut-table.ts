import type { GapMeasure } from '../criteria.js';
import type { People } from '../people.js';

/**
 * The fairest cut that a search has met for each number of right decisions, and so its whole front: all slacks at once.
 * Arrays are `[people + 1]`, by the number of right decisions; `size` is infinite where no cut has that many.
 */
export interface CutTable {
  readonly size: Float64Array;
  readonly b: Float64Array;
  /** Decisions are f + b g > threshold. */
  readonly threshold: Float64Array;
  /** What the search calls this value of b. */
  readonly unit: Int32Array;
}

/** A table before any cut. */
export function createCutTable(count: number): CutTable {
  return {
    size: new Float64Array(count + 1).fill(Number.POSITIVE_INFINITY),
    b: new Float64Array(count + 1),
    threshold: new Float64Array(count + 1),
    unit: new Int32Array(count + 1),
  };
}

/** Scores for one value of b, and how they are ordered. */
export interface Ordered {
  readonly b: number;
  readonly unit: number;
  readonly scores: Float64Array;
  /** People by ascending score. */
  readonly order: Uint32Array;
}

/**
 * Enters all cuts between different scores, with cumulative counts: people of equal score are decided alike. Where two
 * cuts have as many right decisions and the same gap, the one that was entered first stays. Thresholds lie midway
 * between scores. Since x + c > 0 holds in floating point exactly where x > −c does, decisions by the rule are those
 * that were counted.
 *
 * @param constants whether deciding alike about everybody counts as a cut.
 */
export function enterCuts(
  { b, unit, scores, order }: Ordered,
  { cell, sizes, count }: People,
  measure: GapMeasure,
  table: CutTable,
  constants: boolean,
): void {
  const positives = new Int32Array(sizes.length);
  let right = 0;
  for (let index = 0; index < sizes.length; index += 2) right += sizes[index]!;
  const enter = (threshold: number): void => {
    const size = measure.sizeOf(positives);
    if (!(size < table.size[right]!)) return;
    table.size[right] = size;
    table.b[right] = b;
    table.threshold[right] = threshold;
    table.unit[right] = unit;
  };
  let score = scores[order[count - 1]!]!;
  if (constants) enter(score);
  for (let i = count - 1; i >= 0; ) {
    const group = score;
    do {
      const own = cell[order[i]!]!;
      positives[own]! += 1;
      right += own & 1 ? 1 : -1;
      i -= 1;
      score = i >= 0 ? scores[order[i]!]! : Number.NEGATIVE_INFINITY;
    } while (score === group);
    if (i >= 0) enter(midway(score, group));
    else if (constants) enter(group - Math.max(1, Math.abs(group)));
  }
}

/** A number at or above `low` and below `high`. */
export function midway(low: number, high: number): number {
  const middle = low / 2 + high / 2;
  return middle >= low && middle < high ? middle : low;
}

/** Most right decisions that a cut of at most this gap has; −1 where none is so fair. */
export function mostRight({ size }: CutTable, slack: number): number {
  for (let right = size.length - 1; right >= 0; right--) if (size[right]! <= slack) return right;
  return -1;
}
