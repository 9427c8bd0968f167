import { drawFloat53, type Stream } from '../../../random/stream.js';
import type { People } from '../people.js';

/** `[group, truth, score]` of each person; decided positive above a half, strictly. */
export type Person = readonly [group: number, truth: 0 | 1, score: number];

export function makePeople(groups: readonly string[], people: readonly Person[]): People {
  return {
    groups,
    group: Uint16Array.from(people, ([group]) => group),
    truth: Uint8Array.from(people, ([, truth]) => truth),
    decision: Uint8Array.from(people, ([, , score]) => (score > 0.5 ? 1 : 0)),
    score: Float64Array.from(people, ([, , score]) => score),
  };
}

/**
 * Twelve people, five women and seven men. Women: 2 true negatives, 1 false positive, 1 false negative, 1 true positive;
 * men: 1, 2, 1 and 3. One man's score is exactly a half: he is decided negative.
 */
export const twelve: readonly Person[] = [
  [0, 0, 0.1],
  [0, 0, 0.3],
  [0, 0, 0.6],
  [0, 1, 0.2],
  [0, 1, 0.9],
  [1, 0, 0.2],
  [1, 0, 0.7],
  [1, 0, 0.6],
  [1, 1, 0.5],
  [1, 1, 0.8],
  [1, 1, 0.8],
  [1, 1, 0.9],
];

export const sexes: readonly string[] = ['Female', 'Male'];

/** People with base rates and scores that differ by group. */
export function drawPeople(source: Stream, count: number, groups: readonly string[] = sexes): People {
  return makePeople(
    groups,
    Array.from({ length: count }, (): Person => {
      const group = Math.floor(drawFloat53(source) * groups.length);
      const truth = drawFloat53(source) < 0.2 + 0.2 * group ? 1 : 0;
      const score = (drawFloat53(source) + drawFloat53(source) + 0.6 * truth + 0.2 * group) / 3;
      return [group, truth, score];
    }),
  );
}
