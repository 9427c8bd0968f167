/** Cells of a group's confusion table, in order: true negatives, false positives, false negatives, true positives. */
export const cellsPerGroup = 4;

/** People of several groups by truth and decision. */
export interface GroupCounts {
  /** Names of the groups, in the order of their levels. */
  readonly groups: readonly string[];
  /** `[groups, 4]`, row-major: cell 2 y + ŷ of each group, y the true class and ŷ the decision. */
  readonly cells: Float64Array;
}

/**
 * Counts people in one pass. `truth` and `decision` are 0 or 1, `group` an index into `groups`; all are of one length.
 */
export function countGroups(
  groups: readonly string[],
  truth: ArrayLike<number>,
  decision: ArrayLike<number>,
  group: ArrayLike<number>,
): GroupCounts {
  const cells = new Float64Array(groups.length * cellsPerGroup);
  for (let person = 0; person < group.length; person++) {
    cells[group[person]! * cellsPerGroup + 2 * truth[person]! + decision[person]!]! += 1;
  }
  return { groups, cells };
}

/** The counts of some groups alone, in the order given. */
export function takeGroups({ groups, cells }: GroupCounts, chosen: readonly number[]): GroupCounts {
  const taken = new Float64Array(chosen.length * cellsPerGroup);
  chosen.forEach((group, at) => {
    taken.set(cells.subarray(group * cellsPerGroup, (group + 1) * cellsPerGroup), at * cellsPerGroup);
  });
  return { groups: chosen.map((group) => groups[group]!), cells: taken };
}

/** Groups that have a member. */
export function listPresent(counts: GroupCounts): number[] {
  return [...counts.groups.keys()].filter((group) => sizeOf(counts, group) > 0);
}

export function sizeOf({ cells }: GroupCounts, group: number): number {
  const at = group * cellsPerGroup;
  return cells[at]! + cells[at + 1]! + cells[at + 2]! + cells[at + 3]!;
}
