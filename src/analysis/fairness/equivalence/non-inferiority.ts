import { twoSidedT } from '../../student-t.js';

/** Two agreements about the same people, from one seed. */
export interface AgreementBlock {
  /** Who was decided about; the same number is the same person in every block. */
  readonly people: Uint32Array;
  /** 0 or 1, `[people]`: whether the line through both heads agrees with the fair net. */
  readonly approximation: Uint8Array;
  /** 0 or 1, `[people]`: whether the fair net of another seed does. */
  readonly ceiling: Uint8Array;
}

/** Whether an approximation is no worse than retraining, to within a margin. */
export interface NonInferiority {
  /** Agreement of the approximation minus the ceiling, the mean over seeds. */
  readonly difference: number;
  /** The difference lies above this with the confidence asked for (one-sided). */
  readonly lowerLimit: number;
  readonly perSeed: readonly number[];
  readonly margin: number;
  /** Whether the lower limit lies above −margin. */
  readonly holds: boolean;
}

/**
 * Non-inferiority of an approximation of fair nets to retraining them. Differences are paired over people; seeds are
 * blocks, so what differs between them is taken out; and a person who is in the test sets of several seeds counts as one
 * draw, since decisions about the same person go together. The limit speaks about other people and these nets.
 *
 * @param blocks one or more, each of one or more people, of which there are at least 2 in all.
 */
export function testNonInferiority(
  blocks: readonly AgreementBlock[],
  { margin = 0.015, confidence = 0.95 }: { readonly margin?: number; readonly confidence?: number } = {},
): NonInferiority {
  const perSeed = blocks.map(({ approximation, ceiling, people }) => {
    if (approximation.length !== people.length || ceiling.length !== people.length) {
      throw new RangeError('agreements about different people');
    }
    return approximation.reduce((sum, same, i) => sum + same - ceiling[i]!, 0) / people.length;
  });
  const difference = perSeed.reduce((sum, value) => sum + value, 0) / blocks.length;

  const byPerson = new Map<number, number>();
  for (const [seed, { people, approximation, ceiling }] of blocks.entries()) {
    for (const [i, person] of people.entries()) {
      const centred = approximation[i]! - ceiling[i]! - perSeed[seed]!;
      byPerson.set(person, (byPerson.get(person) ?? 0) + centred / (blocks.length * people.length));
    }
  }
  const drawn = byPerson.size;
  if (drawn < 2) throw new RangeError(`${drawn} people have no spread`);
  const squares = [...byPerson.values()].reduce((sum, value) => sum + value * value, 0);
  const error = Math.sqrt((squares * drawn) / (drawn - 1));
  // Beyond a thousand degrees of freedom t is normal to three digits, on the careful side.
  const t = twoSidedT(Math.min(drawn - 1, 1000), 2 * confidence - 1);
  const lowerLimit = difference - t * error;
  return { difference, lowerLimit, perSeed, margin, holds: lowerLimit > -margin };
}
