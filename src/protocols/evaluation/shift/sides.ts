import { shuffle } from '../../../random/draw.js';
import { stream } from '../../../random/stream.js';

/** Examples of one side: as many of each class as the other has. */
export interface SideExamples {
  readonly train: Uint32Array;
  readonly heldOut: Uint32Array;
}

/** A fifth of every class is held out. */
const share = 0.2;

/**
 * As many examples of every class of either set, drawn anew by the seed, at most `most` in all; a fifth of each class is
 * held out. Where they are mixed, either side takes half of the other's, which leaves none.
 */
export function makeSides(
  sets: readonly [Uint32Array, Uint32Array],
  classOf: ArrayLike<number>,
  { most, seed, mixed }: { readonly most: number; readonly seed: number; readonly mixed: boolean },
): readonly [SideExamples, SideExamples] {
  const [own, other] = sets.map((examples) => byClass(examples, classOf));
  const labels = [...own!.keys()].filter((label) => other!.has(label)).sort((a, b) => a - b);
  const counts = labels.map((label) => Math.min(own!.get(label)!.length, other!.get(label)!.length));
  const total = counts.reduce((sum, count) => sum + count, 0);
  const keep = Math.min(1, most / total);
  const taken = [own!, other!].map((classes, side) =>
    labels.map((label, at) => {
      const source = stream(seed, 'shift', side, label);
      return shuffle(source, [...classes.get(label)!]).slice(0, Math.floor(counts[at]! * keep));
    }),
  );
  const [p, q] = mixed ? mix(taken[0]!, taken[1]!, seed) : [taken[0]!, taken[1]!];
  return [divide(p!), divide(q!)];
}

/** In a new order, so that of what is held out either half has its share. */
function mix(p: readonly number[][], q: readonly number[][], seed: number): readonly number[][][] {
  const halves = (own: readonly number[][], other: readonly number[][], side: number) =>
    own.map((examples, at) => {
      const cut = Math.floor(examples.length / 2);
      const both = [...examples.slice(0, cut), ...other[at]!.slice(cut)];
      return shuffle(stream(seed, 'shift', 'mixed', side, at), both);
    });
  return [halves(p, q, 0), halves(q, p, 1)];
}

function divide(classes: readonly (readonly number[])[]): SideExamples {
  const parts = classes.map((own) => ({ own, cut: Math.floor(own.length * share) }));
  return {
    train: Uint32Array.from(parts.flatMap(({ own, cut }) => own.slice(cut))),
    heldOut: Uint32Array.from(parts.flatMap(({ own, cut }) => own.slice(0, cut))),
  };
}

function byClass(examples: Uint32Array, classOf: ArrayLike<number>): Map<number, number[]> {
  const classes = new Map<number, number[]>();
  for (const example of examples) {
    const label = classOf[example]!;
    const own = classes.get(label);
    if (own === undefined) classes.set(label, [example]);
    else own.push(example);
  }
  return classes;
}
