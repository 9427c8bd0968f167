import { HeldoutError } from '../../core/errors.js';

/** Labels and groups of the people that a rule decides about. */
export interface People {
  readonly count: number;
  /** Levels of the protected variable, at least 2. */
  readonly groups: number;
  /** Label, 0 or 1, `[count]`. */
  readonly y: Uint8Array;
  /** Level of the protected variable, 0 .. groups − 1, `[count]`. */
  readonly a: Uint8Array | Uint16Array;
  /** 2 a + y, `[count]`: what counting goes by. */
  readonly cell: Uint16Array;
  /** People in each cell, `[2 groups]`. */
  readonly sizes: Int32Array;
}

/**
 * Puts labels and groups together.
 *
 * @throws HeldoutError `E_GROUP_ABSENT` where nobody belongs to one of the groups: its rates do not exist.
 */
export function describePeople(y: Uint8Array, a: Uint8Array | Uint16Array, groups = 2): People {
  const count = y.length;
  if (a.length !== count) throw new RangeError(`${count} labels, but ${a.length} groups`);
  if (!(Number.isInteger(groups) && groups >= 2 && groups <= 0x7fff))
    throw new RangeError(`${groups} groups`);
  const cell = new Uint16Array(count);
  const sizes = new Int32Array(2 * groups);
  for (let i = 0; i < count; i++) {
    const [label, group] = [y[i]!, a[i]!];
    if (label > 1 || group >= groups) throw new RangeError(`person ${i}: label ${label}, group ${group}`);
    cell[i] = 2 * group + label;
    sizes[cell[i]!]! += 1;
  }
  const absent = listGroups(groups).find((group) => groupSize(sizes, group) === 0);
  if (absent !== undefined) {
    throw new HeldoutError({
      code: 'E_GROUP_ABSENT',
      message: `none of ${count} people belongs to group ${absent} of ${groups}, so its rates do not exist`,
      hints: [
        'split so that each set has people of every group',
        'name a protected variable with two levels',
      ],
      exitCode: 1,
    });
  }
  return { count, groups, y, a, cell, sizes };
}

/** 0 .. groups − 1. */
export function listGroups(groups: number): number[] {
  return Array.from({ length: groups }, (_, group) => group);
}

/** People of a group, of counts by cell. */
export function groupSize(cells: ArrayLike<number>, group: number): number {
  return cells[2 * group]! + cells[2 * group + 1]!;
}

/** Some of the people, in the order of `rows`; every group must still be there. */
export function choosePeople(people: People, rows: Uint32Array): People {
  const pick = <T extends Uint8Array | Uint16Array>(column: T, out: T): T => {
    for (let i = 0; i < rows.length; i++) out[i] = column[rows[i]!]!;
    return out;
  };
  const a = people.a instanceof Uint8Array ? new Uint8Array(rows.length) : new Uint16Array(rows.length);
  return describePeople(pick(people.y, new Uint8Array(rows.length)), pick(people.a, a), people.groups);
}

/** @throws HeldoutError `E_SCORE_NOT_FINITE` where a score is NaN or infinite, as the logits of a net that diverged are. */
export function checkScores(name: string, scores: Float64Array, count: number): void {
  if (scores.length !== count) throw new RangeError(`${scores.length} scores ${name} of ${count} people`);
  const at = scores.findIndex((score) => !Number.isFinite(score));
  if (at < 0) return;
  throw new HeldoutError({
    code: 'E_SCORE_NOT_FINITE',
    message: `score ${name} of person ${at} is ${scores[at]}`,
    hints: ['use the predictions of a run that did not diverge', 'clip the logits, say to ±25'],
    exitCode: 1,
  });
}
