/** One measured quantity; raw times are kept, so that others can summarise them their way. */
export interface BenchRow {
  readonly name: string;
  readonly median: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly unit: string;
  readonly repeats: number;
  readonly raw: readonly number[];
  readonly goal?: string;
  readonly note?: string;
}

/** Median, range and raw values of repeated measurements. */
export function describeTimes(
  raw: readonly number[],
  unit: string,
): Pick<BenchRow, 'median' | 'minimum' | 'maximum' | 'unit' | 'repeats' | 'raw'> {
  const sorted = [...raw].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, minimum: sorted[0]!, maximum: sorted.at(-1)!, unit, repeats: raw.length, raw };
}
