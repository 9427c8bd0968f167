import { countUp, shuffle } from '../../../random/draw.js';
import { stream } from '../../../random/stream.js';

/**
 * In which order processors go: those with the fewest links first (`degree`, so that hubs stay), hubs first, or
 * drawn.
 */
export const pruningOrders = ['degree', 'random', 'hubs-first'] as const;
export type PruningOrder = (typeof pruningOrders)[number];

export interface Ranking {
  readonly order: PruningOrder;
  readonly processors: number;
  /** Connectivity of each processor; what is drawn needs none. */
  readonly degrees?: Float64Array | undefined;
  /** Of random orders. */
  readonly seed: number;
  readonly draw: number;
}

/**
 * The `count` processors that stay, ascending. Fewer of the same ranking are always some of more. Of equal degrees
 * the earlier processor is taken for the larger. Throws RangeError on degrees that are missing.
 */
export function chooseProcessors(ranking: Ranking, count: number): Uint32Array {
  return rank(ranking).subarray(0, count).slice().sort();
}

/** Processors from the one that goes last to the one that goes first. */
function rank({ order, processors, degrees, seed, draw }: Ranking): Uint32Array {
  const all = countUp(processors);
  if (order === 'random') return shuffle(stream(seed, 'prune', draw), all);
  if (degrees === undefined) throw new RangeError(`the order ${order} needs degrees`);
  const falling = all.sort((a, b) => degrees[b]! - degrees[a]! || a - b);
  return order === 'degree' ? falling : falling.reverse();
}
