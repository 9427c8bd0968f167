/**
 * The sum as numpy forms it, to the last bit: in order below eight numbers, then in eight rows that are added in
 * pairs, and above 128 numbers by halves (`pairwise_sum` in numpy/_core/src/umath/loops_utils.h.src).
 */
export function numpySum(values: readonly number[], from = 0, to = values.length): number {
  const size = to - from;
  if (size < 8) {
    let sum = -0;
    for (let i = from; i < to; i++) sum += values[i]!;
    return sum;
  }
  if (size > 128) {
    const half = Math.floor(size / 2);
    const middle = from + half - (half % 8);
    return numpySum(values, from, middle) + numpySum(values, middle, to);
  }
  const rows = values.slice(from, from + 8);
  let at = from + 8;
  for (; at + 8 <= to; at += 8) for (let row = 0; row < 8; row++) rows[row]! += values[at + row]!;
  let sum = rows[0]! + rows[1]! + (rows[2]! + rows[3]!) + (rows[4]! + rows[5]! + (rows[6]! + rows[7]!));
  for (; at < to; at++) sum += values[at]!;
  return sum;
}

/** `np.mean`; NaN for no values. */
export function numpyMean(values: readonly number[]): number {
  return numpySum(values) / values.length;
}

/** `np.std`: the standard deviation with the count as divisor. */
export function numpyDeviation(values: readonly number[]): number {
  const mean = numpyMean(values);
  return Math.sqrt(numpyMean(values.map((value) => (value - mean) * (value - mean))));
}
