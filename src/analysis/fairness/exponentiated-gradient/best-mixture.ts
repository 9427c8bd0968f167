/** Something that can be mixed: its error, and what is bounded from above and from below. */
export interface Mixable {
  readonly error: number;
  readonly differences: Float64Array;
}

export interface Mixture {
  /** Probability of each; at most one more than there are bounds are above 0. */
  readonly weights: Float64Array;
  /** What a relaxation of each bound would gain: first of those from above, then of those from below. Sum to the price at most. */
  readonly multipliers: Float64Array;
}

/** A basis is left for good with every improvement, so that this is never reached but by a defect. */
const mostPivots = 10_000;
const tiny = 1e-11;

/**
 * The mixture of least error + price · violation, where the violation is the largest |difference| beyond epsilon: a linear
 * program, solved by the simplex method (Bland's rule) on a dense tableau of 2 · differences + 1 rows.
 */
export function findBestMixture(members: readonly Mixable[], epsilon: number, price: number): Mixture {
  const size = members[0]!.differences.length;
  const [rows, count] = [2 * size, members.length];
  // Columns: weights, the violation, a slack for each bound, and what the basis comes to.
  const [violation, slack, right] = [count, count + 1, count + 1 + rows];
  const bounds = Array.from({ length: rows }, (_, row) => {
    const line = new Float64Array(right + 1);
    const sign = row < size ? 1 : -1;
    for (const [at, { differences }] of members.entries()) line[at] = sign * differences[row % size]!;
    line[violation] = -1;
    line[slack + row] = 1;
    line[right] = epsilon;
    return line;
  });
  const sum = new Float64Array(right + 1).fill(1, 0, count);
  sum[right] = 1;
  const costs = new Float64Array(right + 1);
  for (const [at, { error }] of members.entries()) costs[at] = error;
  costs[violation] = price;
  const tableau = [...bounds, sum];
  const basis = tableau.map((_, row) => slack + row);
  const enter = (row: number, column: number) => {
    pivot([...tableau, costs], tableau[row]!, column);
    basis[row] = column;
  };
  // Begins with the first member alone, and with as much violation as that needs.
  enter(rows, 0);
  const worst = tableau.reduce((most, line, row) => (line[right]! < tableau[most]![right]! ? row : most), 0);
  if (tableau[worst]![right]! < 0) enter(worst, violation);
  for (let pivots = 0; pivots < mostPivots; pivots++) {
    const column = costs.subarray(0, right).findIndex((cost) => cost < -tiny);
    if (column < 0) break;
    const row = findLeaving(tableau, basis, column, right);
    if (row === undefined) throw new Error('a mixture cannot be unbounded');
    enter(row, column);
  }
  const weights = new Float64Array(count);
  for (const [row, column] of basis.entries())
    if (column < count) weights[column] = Math.max(0, tableau[row]![right]!);
  const multipliers = Float64Array.from({ length: rows }, (_, row) => Math.max(0, costs[slack + row]!));
  return { weights, multipliers };
}

/** Makes a column that of a unit vector. */
function pivot(lines: readonly Float64Array[], by: Float64Array, column: number): void {
  const scale = 1 / by[column]!;
  for (let at = 0; at < by.length; at++) by[at]! *= scale;
  for (const line of lines) {
    const factor = line[column]!;
    if (line === by || factor === 0) continue;
    for (let at = 0; at < by.length; at++) line[at]! -= factor * by[at]!;
  }
}

/** The row that reaches zero first; of several the one whose basic column is the smallest. */
function findLeaving(
  tableau: readonly Float64Array[],
  basis: readonly number[],
  column: number,
  right: number,
): number | undefined {
  let found: { row: number; ratio: number } | undefined;
  for (const [row, line] of tableau.entries()) {
    if (line[column]! <= tiny) continue;
    const ratio = line[right]! / line[column]!;
    const tie = found !== undefined && ratio === found.ratio && basis[row]! < basis[found.row]!;
    if (found === undefined || ratio < found.ratio || tie) found = { row, ratio };
  }
  return found?.row;
}
