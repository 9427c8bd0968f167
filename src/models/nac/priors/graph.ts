import { drawBelow, drawFloat24, type Stream } from '../../../random/stream.js';

/** An undirected graph without loops. */
export interface Graph {
  readonly size: number;
  /** `[size, size]`, row-major: 1 where there is an edge. */
  readonly adjacency: Uint8Array;
}

/** What a circuit's links look like at the start. */
export type GraphPrior =
  | { readonly kind: 'scale-free'; readonly links: number }
  | {
      readonly kind: 'planted-partition';
      readonly groups: number;
      readonly within: number;
      readonly between: number;
    }
  | { readonly kind: 'ring-of-cliques'; readonly cliques: number }
  | { readonly kind: 'random'; readonly probability: number };

/** Throws RangeError where groups or cliques do not divide the size, and where a scale-free graph is too small. */
export function drawGraph(prior: GraphPrior, size: number, source: Stream): Graph {
  switch (prior.kind) {
    case 'scale-free':
      return drawScaleFree(size, prior.links, source);
    case 'planted-partition': {
      const own = groupSize(size, prior.groups);
      return drawPairs(size, source, (a, b) =>
        Math.floor(a / own) === Math.floor(b / own) ? prior.within : prior.between,
      );
    }
    case 'ring-of-cliques':
      return makeRing(size, prior.cliques);
    case 'random':
      return drawPairs(size, source, () => prior.probability);
  }
}

/** Modules of a group. Throws RangeError. */
export function groupSize(size: number, groups: number): number {
  if (size % groups !== 0) throw new RangeError(`${size} modules cannot be cut into ${groups} equal groups`);
  return size / groups;
}

/** Share of the pairs that are linked. */
export function densityOf({ size, adjacency }: Graph): number {
  return adjacency.reduce((sum, edge) => sum + edge, 0) / (size * (size - 1));
}

/**
 * Preferential attachment (Barabási and Albert, 1999), as networkx begins it: a star of `links` + 1 nodes; every
 * further node is joined to `links` others, each taken with a probability in proportion to its degree.
 */
function drawScaleFree(size: number, links: number, source: Stream): Graph {
  if (links < 1 || size <= links)
    throw new RangeError(`a scale-free graph of ${links} links has more than ${size} nodes`);
  const graph = emptyGraph(size);
  /** Every node as often as it has edges. */
  const ends: number[] = [];
  const join = (a: number, b: number) => {
    connect(graph, a, b);
    ends.push(a, b);
  };
  for (let node = 1; node <= links; node++) join(0, node);
  for (let node = links + 1; node < size; node++) {
    const chosen = new Set<number>();
    while (chosen.size < links) chosen.add(ends[drawBelow(source, ends.length)]!);
    for (const other of chosen) join(node, other);
  }
  return graph;
}

/** Cliques of one size; an edge leads from the second node of each to the first of the next one. */
function makeRing(size: number, cliques: number): Graph {
  const own = groupSize(size, cliques);
  const graph = emptyGraph(size);
  for (let first = 0; first < size; first += own) {
    for (let a = first; a < first + own; a++) for (let b = a + 1; b < first + own; b++) connect(graph, a, b);
    if (cliques > 1) connect(graph, first + Math.min(1, own - 1), (first + own) % size);
  }
  return graph;
}

function drawPairs(size: number, source: Stream, probability: (a: number, b: number) => number): Graph {
  const graph = emptyGraph(size);
  for (let a = 0; a < size; a++) {
    for (let b = a + 1; b < size; b++) if (drawFloat24(source) < probability(a, b)) connect(graph, a, b);
  }
  return graph;
}

function emptyGraph(size: number): Graph {
  return { size, adjacency: new Uint8Array(size * size) };
}

function connect({ size, adjacency }: Graph, a: number, b: number): void {
  adjacency[a * size + b] = 1;
  adjacency[b * size + a] = 1;
}
