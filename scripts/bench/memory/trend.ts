/** The line through points that has the least squared distance to them, and the mean of their values. */
export function fitTrend(
  xs: readonly number[],
  ys: readonly number[],
): { readonly slope: number; readonly mean: number } {
  const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [centre, mean] = [meanOf(xs), meanOf(ys)];
  const spread = xs.reduce((sum, x) => sum + (x - centre) ** 2, 0);
  const product = xs.reduce((sum, x, index) => sum + (x - centre) * (ys[index]! - mean), 0);
  return { slope: spread === 0 ? 0 : product / spread, mean };
}
