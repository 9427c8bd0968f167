import { shuffle } from './draw.js';
import { stream } from './stream.js';

/**
 * The order of an epoch's examples in which every stretch has each stratum by its share among all, to within one example
 * where there are two strata: what is next is what is furthest behind. Which example of its stratum stands where comes
 * from the stream (seed, 'batches', epoch, stratum).
 * @param strata Of every example, from 0 on.
 * @returns The order of an epoch; written over by the next call.
 */
export function orderByStrata(
  examples: Uint32Array,
  strata: ArrayLike<number>,
  seed: number,
): (epoch: number) => Uint32Array {
  const members: number[][] = [];
  for (const [at, example] of examples.entries()) {
    const stratum = strata[at]!;
    while (members.length <= stratum) members.push([]);
    members[stratum]!.push(example);
  }
  const pattern = interleave(members.map(({ length }) => length));
  const order = new Uint32Array(examples.length);
  return (epoch) => {
    const shuffled = members.map((own, stratum) =>
      shuffle(stream(seed, 'batches', epoch, stratum), Uint32Array.from(own)),
    );
    const taken = new Uint32Array(members.length);
    for (const [at, stratum] of pattern.entries()) order[at] = shuffled[stratum]![taken[stratum]!++]!;
    return order;
  };
}

/** Which stratum stands at each place. */
function interleave(sizes: readonly number[]): Uint16Array {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const placed = sizes.map(() => 0);
  return Uint16Array.from({ length: total }, (_, at) => {
    let next = 0;
    let most = Number.NEGATIVE_INFINITY;
    for (const [stratum, size] of sizes.entries()) {
      // Times the total, so that whole numbers are compared.
      const behind = size * (at + 1) - placed[stratum]! * total;
      if (behind > most) [next, most] = [stratum, behind];
    }
    placed[next]!++;
    return next;
  });
}
