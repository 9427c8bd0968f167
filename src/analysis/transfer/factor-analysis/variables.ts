import { groupBy } from '../../records.js';
import { listMetrics, type TransferRecord } from '../records.js';

/** Variables of networks on pairs, each standardised within its task. */
export interface Standardised {
  /** `ID accuracy`, `OOD ece` ... */
  readonly names: readonly string[];
  /** `[rows, names]`, row-major: mean 0 and, within each task where it varies, deviation 1. */
  readonly data: Float64Array;
  readonly rows: number;
  /** Different networks among the rows. */
  readonly networks: number;
  /** Variables that were left out, with the reason. */
  readonly left: readonly LeftOut[];
}

export interface LeftOut {
  readonly name: string;
  readonly reason: 'constant' | 'too few values' | 'repeats another';
}

/** A larger share of rows without a value leaves a variable out rather than the rows. */
const mostLacking = 0.1;
/** Variables that are the same but for rounding. */
const alike = 1 - 1e-9;

/**
 * ID and OOD metrics as variables, a row per network and pair. What is constant, lacks values in more than a tenth of the
 * rows or repeats an earlier variable is left out; then rows that lack a value.
 */
export function standardise(records: readonly TransferRecord[]): Standardised {
  const wanted = (['idMetrics', 'oodMetrics'] as const).flatMap((side) =>
    listMetrics(records, side).map((metric) => ({
      name: `${side === 'idMetrics' ? 'ID' : 'OOD'} ${metric}`,
      values: Float64Array.from(records, (record) => record[side][metric] ?? Number.NaN),
    })),
  );
  const left: LeftOut[] = [];
  const dense = wanted.filter(({ name, values }) => {
    const lacking = values.reduce((sum, value) => sum + (Number.isFinite(value) ? 0 : 1), 0);
    if (lacking > mostLacking * values.length) left.push({ name, reason: 'too few values' });
    return lacking <= mostLacking * values.length;
  });
  const kept = records
    .map((_, at) => at)
    .filter((at) => dense.every(({ values }) => Number.isFinite(values[at]!)));
  const tasks = [...groupBy(kept, (at) => records[at]!.task).values()];
  const columns: { name: string; values: Float64Array }[] = [];
  for (const { name, values } of dense) {
    const scaled = standardiseWithin(values, tasks, kept);
    if (scaled === undefined) {
      left.push({ name, reason: 'constant' });
      continue;
    }
    const same = columns.find((other) => Math.abs(product(other.values, scaled)) > alike * kept.length);
    if (same === undefined) columns.push({ name, values: scaled });
    else left.push({ name, reason: 'repeats another' });
  }
  const data = new Float64Array(kept.length * columns.length);
  for (const [at, { values }] of columns.entries())
    for (let row = 0; row < kept.length; row++) data[row * columns.length + at] = values[row]!;
  const networks = new Set(
    kept.map((at) => `${records[at]!.task}\n${records[at]!.id}\n${records[at]!.network}`),
  );
  return { names: columns.map(({ name }) => name), data, rows: kept.length, networks: networks.size, left };
}

/** Values of the kept rows, mean 0 and deviation 1 within each task; undefined where no task has variation. */
function standardiseWithin(
  values: Float64Array,
  tasks: readonly (readonly number[])[],
  kept: readonly number[],
): Float64Array | undefined {
  const scaled = new Float64Array(values.length);
  let varies = false;
  for (const rows of tasks) {
    const mean = rows.reduce((sum, at) => sum + values[at]!, 0) / rows.length;
    const variance = rows.reduce((sum, at) => sum + (values[at]! - mean) ** 2, 0) / rows.length;
    if (variance <= 1e-24 * mean * mean || variance === 0) continue;
    varies = true;
    for (const at of rows) scaled[at] = (values[at]! - mean) / Math.sqrt(variance);
  }
  return varies ? Float64Array.from(kept, (at) => scaled[at]!) : undefined;
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}

/** Correlations `[names, names]` of standardised variables. */
export function correlate({
  data,
  rows,
  names,
}: Pick<Standardised, 'data' | 'rows' | 'names'>): Float64Array {
  const size = names.length;
  const matrix = new Float64Array(size * size);
  for (let row = 0; row < rows; row++) {
    const from = row * size;
    for (let a = 0; a < size; a++) {
      const factor = data[from + a]!;
      for (let b = a; b < size; b++) matrix[a * size + b]! += factor * data[from + b]!;
    }
  }
  // Where a variable does not vary in some task its variance is below 1.
  const scale = Array.from({ length: size }, (_, at) => Math.sqrt(matrix[at * size + at]!));
  for (let a = 0; a < size; a++) {
    for (let b = a; b < size; b++) {
      const value = a === b ? 1 : matrix[a * size + b]! / (scale[a]! * scale[b]!);
      matrix[a * size + b] = value;
      matrix[b * size + a] = value;
    }
  }
  return matrix;
}
