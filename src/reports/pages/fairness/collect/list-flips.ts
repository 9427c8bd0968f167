import type { DecidedSeed } from '../../../../analysis/fairness/study/ways.js';
import { flagOf, type PageFlips, thousandth } from '../page-data.js';

/**
 * People whose decision changed, at most `most` of them: those against the intended direction first, and of the others
 * as many as there is room for, evenly from their order by unconstrained score. Listed by their ids.
 */
export function listFlips(seed: DecidedSeed, threshold: number, most: number): PageFlips {
  const { free, flips, swap, scores, reading } = seed;
  const { people, f, ids } = free.test;
  const g = reading?.heads.test.g;
  const changed = Array.from(flips.each.keys()).filter((i) => flips.each[i] !== 0);
  const byScore = changed.sort((i, j) => f[i]! - f[j]! || i - j);
  const isAgainst = (i: number) =>
    flips.advantaged !== undefined && flips.each[i]! > 0 === (people.a[i] === flips.advantaged);
  const against = pickEvenly(byScore.filter(isAgainst), most);
  const others = pickEvenly(
    byScore.filter((i) => !isAgainst(i)),
    most - against.length,
  );
  const listed = [...against, ...others].sort((i, j) => ids[i]! - ids[j]!);
  const thousandths = (values: Float64Array | undefined, offset = 0) =>
    values === undefined ? [] : listed.map((i) => Math.round((values[i]! + offset) * thousandth));
  return {
    total: changed.length,
    ids: listed.map((i) => ids[i]!),
    flags: listed.map(
      (i) =>
        (people.a[i] === 1 ? flagOf.group : 0) +
        (people.y[i] === 1 ? flagOf.label : 0) +
        (flips.each[i]! > 0 ? flagOf.positive : 0) +
        (swap?.changes[i] === 1 ? flagOf.swapped : 0),
    ),
    f: thousandths(f),
    g: thousandths(g, threshold),
    score: thousandths(scores),
    swap: thousandths(swap?.margins),
  };
}

/** At most `count` of some, from first to last at equal distances. */
export function pickEvenly<T>(list: readonly T[], count: number): T[] {
  if (list.length <= count) return [...list];
  if (count <= 1) return list.slice(0, count);
  return Array.from({ length: count }, (_, at) => list[Math.round((at * (list.length - 1)) / (count - 1))]!);
}
