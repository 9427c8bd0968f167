/**
 * Communities of an undirected weighted graph: of all pairs the one whose union raises modularity most is joined,
 * until none does (Clauset, Newman and Moore, 2004). Nothing is drawn, so that the same graph has the same ones.
 * @param weights `[size, size]`, symmetric; the diagonal does not count.
 * @returns The community of every node: 0 is the largest, of equal ones that of the earliest node.
 */
export function findCommunities(weights: ArrayLike<number>, size: number): number[] {
  const degrees = Array.from({ length: size }, (_, a) => {
    let sum = 0;
    for (let b = 0; b < size; b++) if (b !== a) sum += weights[a * size + b]!;
    return sum;
  });
  const total = degrees.reduce((sum, degree) => sum + degree, 0);
  const members: number[][] = Array.from({ length: size }, (_, node) => [node]);
  if (total > 0) join(members, weights, degrees, total);
  const sorted = members
    .filter(({ length }) => length > 0)
    .sort((a, b) => b.length - a.length || a[0]! - b[0]!);
  const found = new Array<number>(size).fill(0);
  for (const [community, nodes] of sorted.entries()) for (const node of nodes) found[node] = community;
  return found;
}

/** Shares of all weight: between two communities, and at the ends of one. */
function join(
  members: number[][],
  weights: ArrayLike<number>,
  degrees: readonly number[],
  total: number,
): void {
  const size = members.length;
  const between = Float64Array.from({ length: size * size }, (_, at) =>
    at % (size + 1) === 0 ? 0 : weights[at]! / total,
  );
  const ends = Float64Array.from(degrees, (degree) => degree / total);
  for (;;) {
    let best = { gain: 1e-12, a: -1, b: -1 };
    for (let a = 0; a < size; a++) {
      if (members[a]!.length === 0) continue;
      for (let b = a + 1; b < size; b++) {
        if (members[b]!.length === 0) continue;
        const gain = 2 * (between[a * size + b]! - ends[a]! * ends[b]!);
        if (gain > best.gain) best = { gain, a, b };
      }
    }
    const { a, b } = best;
    if (a < 0) return;
    members[a] = [...members[a]!, ...members[b]!].sort((x, y) => x - y);
    members[b] = [];
    ends[a]! += ends[b]!;
    for (let other = 0; other < size; other++) {
      if (other === a) continue;
      between[a * size + other]! += between[b * size + other]!;
      between[other * size + a] = between[a * size + other]!;
    }
  }
}
