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
  const lists: number[][] = [];
  for (const [at, example] of examples.entries()) {
    const stratum = strata[at]!;
    while (lists.length <= stratum) lists.push([]);
    lists[stratum]!.push(example);
  }
  const members = lists.map((list) => Uint32Array.from(list));
  const pattern = interleave(members.map(({ length }) => length));
  const order = new Uint32Array(examples.length);
  return (epoch) => {
    const shuffled = members.map((own, stratum) =>
      shuffle(stream(seed, 'batches', epoch, stratum), own.slice()),
    );
    const taken = new Uint32Array(members.length);
    for (let at = 0; at < order.length; at++) {
      const stratum = pattern[at]!;
      order[at] = shuffled[stratum]![taken[stratum]!++]!;
    }
    return order;
  };
}

/** Which stratum stands at each place. */
function interleave(sizes: readonly number[]): Uint16Array {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const placed = sizes.map(() => 0);
  const pattern = new Uint16Array(total);
  for (let at = 0; at < total; at++) {
    let next = 0;
    let most = Number.NEGATIVE_INFINITY;
    for (let stratum = 0; stratum < sizes.length; stratum++) {
      // Times the total, so that whole numbers are compared.
      const behind = sizes[stratum]! * (at + 1) - placed[stratum]! * total;
      if (behind > most) [next, most] = [stratum, behind];
    }
    placed[next]!++;
    pattern[at] = next;
  }
  return pattern;
}
