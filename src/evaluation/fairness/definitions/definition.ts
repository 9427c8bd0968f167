import type { Measure } from '../measures/measure.js';

/** How a number is read: where parity is, and which way leads to it. */
export const directions = {
  signed: 'group 1 minus group 0; parity at 0',
  reversed: 'group 0 minus group 1; parity at 0',
  gap: 'at least 0; parity at 0',
  percentGap: 'percent, at least 0; parity at 0',
  share: '0 to 1; parity at 1',
  percentShare: '0 to 100 percent; parity at 100',
  ratio: 'group 0 over group 1; parity at 1',
  change: 'above 0: wider than of labels',
  higher: 'higher is better, no parity',
  lower: 'lower is better, no parity',
  level: 'a level, no parity',
} as const;

export type Direction = keyof typeof directions;

export interface Description {
  readonly name: string;
  /** Who computes it, under which name where it is another. */
  readonly peers: string;
  /** In words; group 0 and group 1 are in the order of the variable's levels. */
  readonly formula: string;
  /** How several groups or rates become one number. */
  readonly aggregation: string;
  readonly direction: Direction;
  /** Whether it compares two groups: of more than two each is compared with the first. */
  readonly pair: boolean;
}

/** A group metric as a peer defines it. */
export interface Definition extends Description, Measure {}

export function define(
  name: string,
  measure: Measure,
  direction: Direction,
  words: { readonly peers: string; readonly formula: string; readonly aggregation: string },
): Definition {
  const pair =
    direction === 'signed' ||
    direction === 'reversed' ||
    direction === 'ratio' ||
    words.aggregation === aggregations.pair;
  return { name, direction, pair, ...words, ...measure };
}

/** Texts that several definitions share. */
export const aggregations = {
  pair: 'two groups',
  spread: 'largest minus smallest of all groups',
  pairMean: 'mean over pairs of groups',
  toAll: 'largest distance of a group from everyone',
  smallest: 'smallest over largest of all groups',
  smallestToAll: 'smallest over groups of group and everyone, smaller over larger',
} as const;
