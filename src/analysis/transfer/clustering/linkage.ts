/** Two clusters that become one. Leaves are 0 .. n − 1, the cluster of merge k is n + k, as scipy numbers them. */
export interface Merge {
  readonly a: number;
  readonly b: number;
  /** Distance at which they merge. */
  readonly height: number;
  /** Leaves of the new cluster. */
  readonly size: number;
}

/** How far a merged cluster is from another one, by the Lance and Williams (1967) recurrence. */
export type Linkage = 'ward' | 'average';

/**
 * Agglomerative clustering. `ward`: the least growth of the sum of squares, from Euclidean distances, heights as scipy and
 * R's ward.D2 have them; `average`: the mean distance of the leaves (UPGMA).
 * @param distances `[n, n]` row-major, symmetric.
 */
export function linkClusters(distances: ArrayLike<number>, n: number, linkage: Linkage): Merge[] {
  // Ward's recurrence is one of squares.
  const d = Float64Array.from(distances, (value) => (linkage === 'ward' ? value * value : value));
  const label = Array.from({ length: n }, (_, at) => at);
  const size = new Float64Array(n).fill(1);
  const alive = Array.from({ length: n }, (_, at) => at);
  const merges: Merge[] = [];
  while (alive.length > 1) {
    const [i, j] = nearest(d, n, alive);
    const between = d[i * n + j]!;
    const [a, b] = [label[i]!, label[j]!].sort((p, q) => p - q) as [number, number];
    const height = linkage === 'ward' ? Math.sqrt(between) : between;
    merges.push({ a, b, height, size: size[i]! + size[j]! });
    for (const k of alive) {
      if (k === i || k === j) continue;
      const [toI, toJ] = [d[k * n + i]!, d[k * n + j]!];
      const whole = size[i]! + size[j]! + size[k]!;
      const distance =
        linkage === 'ward'
          ? ((size[i]! + size[k]!) * toI + (size[j]! + size[k]!) * toJ - size[k]! * between) / whole
          : (size[i]! * toI + size[j]! * toJ) / (size[i]! + size[j]!);
      d[k * n + i] = distance;
      d[i * n + k] = distance;
    }
    size[i]! += size[j]!;
    label[i] = n + merges.length - 1;
    alive.splice(alive.indexOf(j), 1);
  }
  return merges;
}

function nearest(d: Float64Array, n: number, alive: readonly number[]): readonly [number, number] {
  let best: readonly [number, number] = [alive[0]!, alive[1]!];
  let least = Number.POSITIVE_INFINITY;
  for (const [place, i] of alive.entries()) {
    for (let other = place + 1; other < alive.length; other++) {
      const distance = d[i * n + alive[other]!]!;
      if (distance >= least) continue;
      least = distance;
      best = [i, alive[other]!];
    }
  }
  return best;
}

/** Leaves from one end of a dendrogram to the other, so that no branches cross. */
export function orderLeaves(merges: readonly Merge[], n: number): number[] {
  const list = (node: number): number[] => {
    if (node < n) return [node];
    const { a, b } = merges[node - n]!;
    return [...list(a), ...list(b)];
  };
  return n === 0 ? [] : list(n + merges.length - 1);
}

/** The clusters that are left before the last k − 1 merges: a number from 0 for every leaf, in the order of the leaves. */
export function cutTree(merges: readonly Merge[], n: number, k: number): number[] {
  const owner = Array.from({ length: n }, (_, leaf) => leaf);
  for (const [at, { a, b }] of merges.slice(0, Math.max(0, n - k)).entries())
    for (let leaf = 0; leaf < n; leaf++) if (owner[leaf] === a || owner[leaf] === b) owner[leaf] = n + at;
  const seen = [...new Set(owner)];
  return owner.map((one) => seen.indexOf(one));
}
