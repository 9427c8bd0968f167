import { groupSize } from './graph.js';

/** The link probabilities that a prior asks for, `[size, size]`, row-major. */
export interface Graphon {
  readonly size: number;
  readonly probabilities: Float64Array;
}

/** A stochastic block model: `groups` blocks on the diagonal. Throws RangeError where they do not divide the size. */
export function blockGraphon(size: number, groups: number, within: number, between: number): Graphon {
  const own = groupSize(size, groups);
  return fill(size, (a, b) => (Math.floor(a / own) === Math.floor(b / own) ? within : between));
}

/** Barabási and Albert's model in mean field: √N / (16 √(i j)) for nodes i, j from 1 on, at most 1. */
export function scaleFreeGraphon(size: number): Graphon {
  return fill(size, (a, b) => Math.min(1, Math.sqrt(size) / (16 * Math.sqrt((a + 1) * (b + 1)))));
}

/**
 * Blocks, whose first nodes are hubs: linked to all of their own clique and of the next one. The last clique is not
 * joined to the first.
 */
export function ringGraphon(size: number, cliques: number, within: number, between: number): Graphon {
  const own = groupSize(size, cliques);
  const isHubOf = (a: number, b: number) => {
    const ahead = Math.floor(b / own) - Math.floor(a / own);
    return a % own === 0 && (ahead === 0 || ahead === 1);
  };
  const blocks = blockGraphon(size, cliques, within, between).probabilities;
  return fill(size, (a, b) => (isHubOf(a, b) || isHubOf(b, a) ? 1 : blocks[a * size + b]!));
}

function fill(size: number, probability: (a: number, b: number) => number): Graphon {
  const probabilities = Float64Array.from({ length: size * size }, (_, index) =>
    probability(Math.floor(index / size), index % size),
  );
  return { size, probabilities };
}
