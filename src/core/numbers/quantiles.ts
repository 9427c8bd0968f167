/** Of sorted values, by straight lines between them (Hyndman and Fan's type 7, numpy's default). */
export function quantileOf(sorted: ArrayLike<number>, share: number): number {
  const place = share * (sorted.length - 1);
  const low = Math.floor(place);
  const high = Math.min(sorted.length - 1, low + 1);
  return sorted[low]! + (place - low) * (sorted[high]! - sorted[low]!);
}

export function sortNumbers(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort();
}

/** Distance of the quartiles; NaN of nothing. */
export function quartileRange(values: ArrayLike<number>): number {
  if (values.length === 0) return Number.NaN;
  const sorted = sortNumbers(values);
  return quantileOf(sorted, 0.75) - quantileOf(sorted, 0.25);
}

export interface Spread {
  readonly least: number;
  readonly low: number;
  readonly median: number;
  readonly high: number;
  readonly most: number;
  readonly n: number;
}

/** Five numbers of the finite values; undefined where there are none. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const sorted = sortNumbers(values.filter(Number.isFinite));
  if (sorted.length === 0) return undefined;
  const at = (share: number) => quantileOf(sorted, share);
  return { least: at(0), low: at(0.25), median: at(0.5), high: at(0.75), most: at(1), n: sorted.length };
}
