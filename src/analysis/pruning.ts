import { mean } from 'simple-statistics';
import { groupBy } from './records.js';

/** A circuit with some of its processors, in one set or in none. */
export interface PrunedPoint {
  readonly set: string;
  /** `whole`, `degree`, `random` or `hubs-first`; empty where it does not matter. */
  readonly order: string;
  readonly kept: number;
  readonly of: number;
  readonly draw: number;
  readonly value: number;
}

/** A point of a curve: share of the processors that stay, and what comes of it. */
export interface CurvePoint {
  readonly share: number;
  readonly value: number;
}

/** Reads the points out of a run's values by `rowKey`. */
export function listPoints(values: ReadonlyMap<string, number>): PrunedPoint[] {
  return [...values].flatMap(([key, value]) => {
    const [set = '', ...pairs] = key.split(' ');
    const group = Object.fromEntries(pairs.map((pair) => pair.split('=')));
    const [kept, of] = [Number(group.kept), Number(group.of)];
    if (!(kept > 0 && of > 0)) return [];
    return [{ set, order: group.order ?? '', kept, of, draw: Number(group.draw ?? 0), value }];
  });
}

/** The curve of one run for one order, from the fewest processors to all; draws count by their mean. */
export function curveOf(points: readonly PrunedPoint[], order: string): CurvePoint[] {
  const own = points.filter((point) => point.order === order || point.order === 'whole');
  if (!own.some((point) => point.order === order)) return [];
  return [...groupBy(own, ({ kept, of }) => String(kept / of))]
    .map(([share, members]) => {
      // The whole circuit may be among what was asked for: it is the same.
      const pruned = members.filter((point) => point.order === order);
      return {
        share: Number(share),
        value: mean((pruned.length > 0 ? pruned : members).map(({ value }) => value)),
      };
    })
    .sort((a, b) => a.share - b.share);
}

/**
 * Mean height of a curve between its first and its last share, by straight lines between its points: the area under
 * it, divided by its width. Undefined for less than two points.
 */
export function areaUnder(curve: readonly CurvePoint[]): number | undefined {
  const [first, last] = [curve[0], curve.at(-1)];
  if (first === undefined || last === undefined || last.share <= first.share) return undefined;
  let area = 0;
  for (const [at, { share, value }] of curve.entries()) {
    const before = curve[at - 1];
    if (before !== undefined) area += ((share - before.share) * (value + before.value)) / 2;
  }
  return area / (last.share - first.share);
}

/** Orders of some points, in the order of their rows. */
export function listOrders(points: readonly PrunedPoint[]): string[] {
  return [...new Set(points.map(({ order }) => order))].filter((order) => order !== 'whole' && order !== '');
}
