/**
 * The assignment of rows to columns whose costs `[size, size]` sum to the least: element i is row i's column. The
 * Hungarian method with potentials (Kuhn, 1955; Munkres, 1957), O(size³).
 */
export function assignRows(costs: ArrayLike<number>, size: number): Int32Array {
  const rowPotentials = new Float64Array(size + 1);
  const columnPotentials = new Float64Array(size + 1);
  /** The row of each column, from 1; column 0 holds the row that is being placed. */
  const rowOf = new Int32Array(size + 1);
  const before = new Int32Array(size + 1);
  const slack = new Float64Array(size + 1);
  const seen = new Uint8Array(size + 1);
  for (let row = 1; row <= size; row++) {
    rowOf[0] = row;
    slack.fill(Number.POSITIVE_INFINITY);
    seen.fill(0);
    let column = 0;
    do {
      seen[column] = 1;
      const current = rowOf[column]!;
      let least = Number.POSITIVE_INFINITY;
      let next = 0;
      for (let j = 1; j <= size; j++) {
        if (seen[j] === 1) continue;
        const reduced = costs[(current - 1) * size + j - 1]! - rowPotentials[current]! - columnPotentials[j]!;
        if (reduced < slack[j]!) {
          slack[j] = reduced;
          before[j] = column;
        }
        if (slack[j]! < least) {
          least = slack[j]!;
          next = j;
        }
      }
      for (let j = 0; j <= size; j++) {
        if (seen[j] === 1) {
          rowPotentials[rowOf[j]!]! += least;
          columnPotentials[j]! -= least;
        } else slack[j]! -= least;
      }
      column = next;
    } while (rowOf[column] !== 0);
    for (; column !== 0; column = before[column]!) rowOf[column] = rowOf[before[column]!]!;
  }
  const assigned = new Int32Array(size);
  for (let j = 1; j <= size; j++) assigned[rowOf[j]! - 1] = j - 1;
  return assigned;
}
