import { type Criterion, createGapMeasure, type Gap } from './criteria.js';
import { groupSize, listGroups, type People } from './people.js';

/** Logits f of the target and outputs g of the group head, `[people]` each. */
export interface HeadScores {
  readonly f: Float64Array;
  readonly g: Float64Array;
}

/** Decides by f + b g + c > 0. */
export interface HeadRule {
  readonly b: number;
  readonly c: number;
}

/** Decisions of a rule, 0 or 1. The sum is taken in this order everywhere, so that a search sees the same numbers. */
export function decide({ f, g }: HeadScores, { b, c }: HeadRule): Uint8Array {
  return Uint8Array.from(f, (score, i) => (score + b * g[i]! + c > 0 ? 1 : 0));
}

/** Decisions score > threshold, strictly: 0 by default, as the nets decide. */
export function decideAbove(scores: Float64Array, threshold = 0): Uint8Array {
  return Uint8Array.from(scores, (score) => (score > threshold ? 1 : 0));
}

/** Rates within one group; undefined where nobody has the label they are a share of. */
export interface GroupRates {
  readonly size: number;
  readonly positive: number;
  readonly truePositive: number | undefined;
  readonly falsePositive: number | undefined;
}

/** What decisions come to. */
export interface Measured {
  readonly right: number;
  readonly accuracy: number;
  /** Rate of positive decisions in group 1 minus that in group 0 (of more groups, largest minus smallest). */
  readonly ddp: number;
  readonly groups: readonly GroupRates[];
}

/** Measures decisions. */
export function measureDecisions(people: People, decisions: Uint8Array): Measured {
  const positives = countPositives(people, decisions);
  const right = countRight(people, decisions);
  const share = (cell: number) =>
    people.sizes[cell] === 0 ? undefined : positives[cell]! / people.sizes[cell]!;
  return {
    right,
    accuracy: right / people.count,
    ddp: createGapMeasure(people, 'demographic_parity').gapsOf(positives)[0]!.value,
    groups: listGroups(people.groups).map((group) => ({
      size: groupSize(people.sizes, group),
      positive: groupSize(positives, group) / groupSize(people.sizes, group),
      truePositive: share(2 * group + 1),
      falsePositive: share(2 * group),
    })),
  };
}

/** Gaps of decisions by a criterion, with sign, and the size that a slack limits. */
export function measureGaps(
  people: People,
  decisions: Uint8Array,
  criterion: Criterion,
): { readonly gaps: readonly Gap[]; readonly size: number } {
  const measure = createGapMeasure(people, criterion);
  const positives = countPositives(people, decisions);
  return { gaps: measure.gapsOf(positives), size: measure.sizeOf(positives) };
}

/** Positive decisions by cell, `[2 groups]`. */
export function countPositives({ cell, sizes, count }: People, decisions: Uint8Array): Int32Array {
  if (decisions.length !== count) throw new RangeError(`${decisions.length} decisions about ${count} people`);
  const positives = new Int32Array(sizes.length);
  for (let i = 0; i < count; i++) positives[cell[i]!]! += decisions[i]!;
  return positives;
}

function countRight({ y, count }: People, decisions: Uint8Array): number {
  let right = 0;
  for (let i = 0; i < count; i++) if (decisions[i] === y[i]) right += 1;
  return right;
}
