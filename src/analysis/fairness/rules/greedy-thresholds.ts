import { measureDecisions } from '../decisions.js';
import { groupSize, type People } from '../people.js';
import { midway } from '../search/cut-table.js';
import { decideByGroup, type Thresholds } from './thresholds.js';

/** A share p in [0, 1]: p × larger rate ≤ smaller rate (the p-percent rule); or a slack: larger − smaller rate ≤ slack. */
export type GreedyTarget = { readonly ratio: number } | { readonly slack: number };

/** People of one group and score, whose decision was turned around together. */
export interface Flip {
  readonly group: number;
  readonly people: number;
  /** Expected right decisions lost, if σ(f) is the chance of a positive label. */
  readonly cost: number;
}

/** Where the greedy walk ended. */
export interface GreedyThresholds {
  readonly thresholds: Thresholds;
  /** Group with the larger rate of f > 0; group 0 where they are equal. */
  readonly advantaged: 0 | 1;
  readonly flips: readonly Flip[];
  /** Rates of positive decisions of group 0 and group 1. */
  readonly rates: readonly [number, number];
}

interface Side {
  readonly group: 0 | 1;
  /** Blocks of equal score, in the order in which they are turned around. */
  readonly blocks: readonly { readonly score: number; readonly people: number; readonly cost: number }[];
  next: number;
}

/**
 * Thresholds of the two true groups after Lipton et al. (2018): from f > 0 for both, people are turned around where that
 * closes most of the gap per right decision that is expected to be lost, advantaged positives to negatives or
 * disadvantaged negatives to positives, until the target holds. People of equal score are turned together, since no
 * threshold can part them. A threshold lies midway between the last who was turned and the next, and at ±Infinity where
 * a group is exhausted. Two groups; deciding needs the true group of everybody.
 *
 * Within one flip of the optimum (1.9 of the method's theory): the same rule, walked out from no constraint.
 */
export function walkThresholds(f: Float64Array, people: People, target: GreedyTarget): GreedyThresholds {
  checkTarget(target, people);
  const start = measureDecisions(people, decideByGroup(f, people.a, [0, 0]));
  const advantaged = start.ddp > 0 ? 1 : 0;
  const sizes = [groupSize(people.sizes, 0), groupSize(people.sizes, 1)] as const;
  const positives = [0, 1].map((group) => Math.round(start.groups[group]!.positive * sizes[group]!));
  const disadvantaged = advantaged === 1 ? 0 : 1;
  const down = listBlocks(f, people, advantaged, 'positive');
  const up = listBlocks(f, people, disadvantaged, 'negative');
  const weight = 'ratio' in target ? target.ratio : 1;
  const rate = (group: 0 | 1) => positives[group]! / sizes[group];
  const holds = () =>
    'ratio' in target
      ? target.ratio * rate(advantaged) <= rate(disadvantaged)
      : rate(advantaged) - rate(disadvantaged) <= target.slack;

  const flips: Flip[] = [];
  while (!holds()) {
    const side =
      gainPerCost(down, weight / sizes[advantaged]) >= gainPerCost(up, 1 / sizes[disadvantaged]) ? down : up;
    const block = side.blocks[side.next];
    if (block === undefined) break;
    side.next += 1;
    positives[side.group]! += side === down ? -block.people : block.people;
    flips.push({ group: side.group, people: block.people, cost: block.cost * block.people });
  }
  const thresholds: [number, number] = [0, 0];
  thresholds[advantaged] = thresholdAfter(down, Number.POSITIVE_INFINITY);
  thresholds[disadvantaged] = thresholdAfter(up, Number.NEGATIVE_INFINITY);
  return { thresholds, advantaged, flips, rates: [rate(0), rate(1)] };
}

/** 21 shares from the unconstrained rule's ratio of rates to 1, as in the paper's code. */
export function spaceRatios(unconstrained: number, count = 21): number[] {
  return Array.from(
    { length: count },
    (_, index) => unconstrained + (index * (1 - unconstrained)) / (count - 1),
  );
}

function listBlocks(f: Float64Array, people: People, group: 0 | 1, now: 'positive' | 'negative'): Side {
  const scores = [...f].filter((score, i) => people.a[i] === group && score > 0 === (now === 'positive'));
  scores.sort((p, q) => (now === 'positive' ? p - q : q - p));
  const blocks: { score: number; people: number; cost: number }[] = [];
  for (const score of scores) {
    const last = blocks.at(-1);
    if (last !== undefined && last.score === score) last.people += 1;
    else blocks.push({ score, people: 1, cost: Math.tanh(Math.abs(score) / 2) });
  }
  return { group, blocks, next: 0 };
}

/** |2 σ(f) − 1| is the expected loss of turning one person around. */
function gainPerCost({ blocks, next }: Side, gain: number): number {
  const block = blocks[next];
  if (block === undefined) return Number.NEGATIVE_INFINITY;
  return block.cost === 0 ? Number.POSITIVE_INFINITY : gain / block.cost;
}

function thresholdAfter({ blocks, next }: Side, exhausted: number): number {
  const last = blocks[next - 1];
  if (last === undefined) return 0;
  const following = blocks[next];
  if (following === undefined) return exhausted;
  return midway(Math.min(last.score, following.score), Math.max(last.score, following.score));
}

function checkTarget(target: GreedyTarget, { groups }: People): void {
  if (groups !== 2) throw new RangeError(`thresholds of two groups, not of ${groups}`);
  const value = 'ratio' in target ? target.ratio : target.slack;
  if (!(value >= 0 && value <= 1)) throw new RangeError(`a target lies in 0 .. 1, not at ${value}`);
}
