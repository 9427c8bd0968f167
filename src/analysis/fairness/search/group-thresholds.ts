import { groupSize, listGroups, type People } from '../people.js';
import { midway } from './cut-table.js';

/** A threshold for each group, and what they come to on the people they were fitted to. */
export interface GroupThresholds {
  /** Decisions are f > the threshold of one's group. */
  readonly thresholds: readonly number[];
  readonly right: number;
  readonly accuracy: number;
  /** Largest minus smallest rate of positive decisions over the groups. */
  readonly size: number;
}

/** Where the scores of a group can be cut, by ascending rate of positive decisions. */
interface GroupCuts {
  readonly rates: readonly number[];
  /** Right decisions within the group. */
  readonly right: readonly number[];
  readonly thresholds: readonly number[];
}

/**
 * The thresholds of the true groups, two or more, with the most right decisions whose rates of positive decisions differ by
 * at most a slack: exact, in O(n log n). In the best choice some group has the smallest rate; for each rate that this could
 * be, every group takes its best cut among those whose rate lies at most the slack above. Deciding alike about everybody is
 * among the choices, so every slack of at least 0 is met. One answer for each slack.
 */
export function searchGroupThresholds(
  f: Float64Array,
  people: People,
  slacks: readonly number[],
): GroupThresholds[] {
  const cuts = listGroups(people.groups).map((group) => listCuts(f, people, group));
  const lowest = [...new Set(cuts.flatMap(({ rates }) => rates))].sort((p, q) => p - q);
  return slacks.map((slack) => {
    const windows = cuts.map((each) => slideWindow(each, slack));
    let [most, size] = [-1, 0];
    let best: readonly number[] = [];
    for (const low of lowest) {
      const chosen = windows.map((bestFrom) => bestFrom(low));
      if (chosen.some((cut) => cut === undefined)) continue;
      const right = chosen.reduce<number>((sum, cut, group) => sum + cuts[group]!.right[cut!]!, 0);
      if (right < most) continue;
      const rates = chosen.map((cut, group) => cuts[group]!.rates[cut!]!);
      const gap = Math.max(...rates) - Math.min(...rates);
      if (right === most && gap >= size) continue;
      [most, size, best] = [right, gap, chosen.map((cut, group) => cuts[group]!.thresholds[cut!]!)];
    }
    return { thresholds: best, right: most, accuracy: most / people.count, size };
  });
}

/** Cuts between people of different score, from nobody of the group to everybody. */
function listCuts(f: Float64Array, { a, y, sizes }: People, group: number): GroupCuts {
  const members = Array.from(f.keys()).filter((i) => a[i] === group);
  members.sort((p, q) => f[q]! - f[p]!);
  const count = groupSize(sizes, group);
  let [positive, right] = [0, sizes[2 * group]!];
  const first = f[members[0]!]!;
  const cuts = { rates: [0], right: [right], thresholds: [first] };
  for (let at = 0; at < count; ) {
    const score = f[members[at]!]!;
    for (; at < count && f[members[at]!] === score; at++) {
      positive += 1;
      right += y[members[at]!] === 1 ? 1 : -1;
    }
    cuts.rates.push(positive / count);
    cuts.right.push(right);
    cuts.thresholds.push(at < count ? midway(f[members[at]!]!, score) : score - Math.max(1, Math.abs(score)));
  }
  return cuts;
}

/** Tells the best cut whose rate lies in [low, low + slack], for values of low that only grow. */
function slideWindow({ rates, right }: GroupCuts, slack: number): (low: number) => number | undefined {
  /** Cuts of the window that no later one of it betters, so by falling count of right decisions. */
  const kept: number[] = [];
  let [first, next] = [0, 0];
  return (low) => {
    for (; next < rates.length && rates[next]! - low <= slack; next++) {
      while (kept.length > first && right[kept.at(-1)!]! <= right[next]!) kept.pop();
      kept.push(next);
    }
    while (first < kept.length && rates[kept[first]!]! < low) first += 1;
    return kept[first];
  };
}
