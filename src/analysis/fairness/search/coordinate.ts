import type { GapMeasure } from '../criteria.js';
import type { People } from '../people.js';
import { midway } from './cut-table.js';
import {
  type Aim,
  type GroupHeadRule,
  type GroupHeadScores,
  type Standing,
  standsBetter,
  sumHeads,
} from './group-rules.js';
import { createScoreSorter } from './score-order.js';

/**
 * The best value of t_k where all else stays, exactly: everybody's decision changes at one value of t_k at most,
 * (f − Σ other t g + c) / g_k, and between these values all is counted. People whose g_k is 0, or so small that their
 * value is infinite, never change.
 */
export function searchCoordinate(
  heads: GroupHeadScores,
  people: People,
  measure: GapMeasure,
  { t, c }: GroupHeadRule,
  k: number,
  aim: Aim,
): GroupHeadRule | undefined {
  const base = sumHeads(heads, t, k);
  const head = heads.g[k]!;
  const turning: number[] = [];
  const positives = new Int32Array(people.sizes.length);
  let right = 0;
  for (let i = 0; i < people.count; i++) {
    const turns = Number.isFinite((base[i]! + c) / head[i]!);
    if (turns) turning.push(i);
    // Of t_k = −∞.
    const positive = turns ? head[i]! > 0 : base[i]! + c > 0;
    if (positive) positives[people.cell[i]!]! += 1;
    if (positive === (people.y[i] === 1)) right += 1;
  }
  if (turning.length === 0) return undefined;

  const values = Float64Array.from(turning, (i) => (base[i]! + c) / head[i]!);
  const order = createScoreSorter(values.length).sort(values);
  let best: (Standing & { readonly value: number }) | undefined;
  const enter = (value: number): void => {
    const standing = { right, size: measure.sizeOf(positives), value };
    if (best === undefined || standsBetter(standing, best, aim)) best = standing;
  };
  const first = values[order[0]!]!;
  enter(first - Math.max(1, Math.abs(first)));
  for (let at = 0; at < order.length; ) {
    const value = values[order[at]!]!;
    for (; at < order.length && values[order[at]!] === value; at++) {
      const person = turning[order[at]!]!;
      const now = head[person]! > 0 ? -1 : 1;
      positives[people.cell[person]!]! += now;
      right += people.y[person] === 1 ? now : -now;
    }
    enter(at < order.length ? midway(value, values[order[at]!]!) : value + Math.max(1, Math.abs(value)));
  }
  return { t: t.with(k, best!.value), c };
}
