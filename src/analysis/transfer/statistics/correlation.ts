/** Pearson's correlation; NaN where one of the two does not vary. */
export function pearson(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const n = x.length;
  let [meanX, meanY] = [0, 0];
  for (let at = 0; at < n; at++) {
    meanX += x[at]! / n;
    meanY += y[at]! / n;
  }
  let [xx, xy, yy] = [0, 0, 0];
  for (let at = 0; at < n; at++) {
    const [a, b] = [x[at]! - meanX, y[at]! - meanY];
    xx += a * a;
    xy += a * b;
    yy += b * b;
  }
  // What rounding leaves of a constant is no variation.
  const tiny = 1e-24 * n;
  if (xx <= tiny * meanX * meanX || yy <= tiny * meanY * meanY || xx === 0 || yy === 0) return Number.NaN;
  return Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
}

/** Ranks from 1; equal values share the mean of theirs. */
export function rank(values: ArrayLike<number>): Float64Array {
  const order = Uint32Array.from(values, (_, at) => at).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end += 1;
    for (let at = start; at < end; at++) ranks[order[at]!] = (start + end + 1) / 2;
    start = end;
  }
  return ranks;
}

/** Spearman's rank correlation, ties by mean ranks; NaN where one of the two does not vary. */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): number {
  return pearson(rank(x), rank(y));
}

/**
 * Kendall's tau-b: concordant less discordant pairs, by the pairs that are tied in neither. In n log n steps, by counting
 * the exchanges of a merge sort (Knight 1966). NaN where one of the two does not vary.
 */
export function kendall(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const n = x.length;
  const order = Uint32Array.from(x, (_, at) => at).sort((a, b) => x[a]! - x[b]! || y[a]! - y[b]!);
  const sorted = Float64Array.from(order, (at) => y[at]!);
  const pairs = (n * (n - 1)) / 2;
  const tiedInX = countTies(n, (a, b) => x[order[a]!] === x[order[b]!]);
  const tiedInBoth = countTies(n, (a, b) => x[order[a]!] === x[order[b]!] && sorted[a] === sorted[b]);
  const discordant = countExchanges(sorted);
  const tiedInY = countTies(n, (a, b) => sorted[a] === sorted[b]);
  const [ofX, ofY] = [pairs - tiedInX, pairs - tiedInY];
  if (ofX === 0 || ofY === 0) return Number.NaN;
  return (pairs - tiedInX - tiedInY + tiedInBoth - 2 * discordant) / Math.sqrt(ofX) / Math.sqrt(ofY);
}

/** Pairs within runs of neighbours that are alike. */
function countTies(n: number, alike: (a: number, b: number) => boolean): number {
  let [pairs, run] = [0, 0];
  for (let at = 1; at < n; at++) {
    run = alike(at - 1, at) ? run + 1 : 0;
    pairs += run;
  }
  return pairs;
}

/** Pairs in the wrong order; sorts in place. */
function countExchanges(values: Float64Array<ArrayBuffer>): number {
  let [from, to] = [values, new Float64Array(values.length)];
  let exchanges = 0;
  for (let width = 1; width < values.length; width *= 2) {
    for (let start = 0; start < values.length; start += 2 * width) {
      const middle = Math.min(start + width, values.length);
      const end = Math.min(start + 2 * width, values.length);
      let [left, right] = [start, middle];
      for (let at = start; at < end; at++) {
        if (right >= end || (left < middle && from[left]! <= from[right]!)) to[at] = from[left++]!;
        else {
          exchanges += middle - left;
          to[at] = from[right++]!;
        }
      }
    }
    [from, to] = [to, from];
  }
  if (from !== values) values.set(from);
  return exchanges;
}
