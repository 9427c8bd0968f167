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

/** What could not be measured here, and what to type; or what stands in the way of trusting the rest. */
export interface Remark {
  readonly name: string;
  readonly remark: string;
}

export type Row = BenchRow | Remark;

/** Median, range and raw values of repeated measurements. */
export function describeTimes(
  raw: readonly number[],
  unit: string,
): Pick<BenchRow, 'median' | 'minimum' | 'maximum' | 'unit' | 'repeats' | 'raw'> {
  const sorted = [...raw].sort((a, b) => a - b);
  return {
    median: medianOf(raw),
    minimum: sorted[0]!,
    maximum: sorted.at(-1)!,
    unit,
    repeats: raw.length,
    raw,
  };
}

export function medianOf(raw: readonly number[]): number {
  const sorted = [...raw].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

const nameWidth = 60;

/** A row as the terminal shows it. */
export function describeRow(row: Row): string {
  if ('remark' in row) return `${row.name.padEnd(nameWidth)} ${row.remark}`;
  const digits = (value: number) =>
    value >= 1000
      ? Math.round(value).toLocaleString('en-US')
      : value >= 100
        ? value.toFixed(0)
        : value.toFixed(value >= 10 ? 1 : 2);
  const range = `(${digits(row.minimum)} to ${digits(row.maximum)}, n = ${row.repeats})`;
  const rest = [row.goal === undefined ? '' : `goal ${row.goal}`, row.note ?? ''].filter(Boolean).join('; ');
  return `${row.name.padEnd(nameWidth)} ${digits(row.median).padStart(9)} ${row.unit} ${range}${rest === '' ? '' : `  ${rest}`}`;
}
