import { correlate, standardise } from '../factor-analysis/variables.js';
import type { TransferRecord } from '../records.js';
import { rank } from '../statistics/correlation.js';
import { linkClusters, type Merge, orderLeaves } from './linkage.js';

export interface MetricClusters {
  readonly names: readonly string[];
  /** `[names, names]`: 1 − |Spearman| of variables that are standardised within their task. */
  readonly distances: Float64Array;
  /** By average linkage: these are no Euclidean distances, which Ward's needs. */
  readonly merges: readonly Merge[];
  readonly order: readonly number[];
}

/** Which metrics tell the same of networks. Undefined for fewer than three. */
export function clusterMetrics(records: readonly TransferRecord[]): MetricClusters | undefined {
  const { names, data, rows } = standardise(records);
  const size = names.length;
  if (size < 3 || rows < 3) return undefined;
  const ranks = new Float64Array(rows * size);
  for (let at = 0; at < size; at++) {
    const own = rank(Float64Array.from({ length: rows }, (_, row) => data[row * size + at]!));
    for (let row = 0; row < rows; row++) ranks[row * size + at] = own[row]! - (rows + 1) / 2;
  }
  const distances = correlate({ data: ranks, rows, names }).map((value) => Math.max(0, 1 - Math.abs(value)));
  const merges = linkClusters(distances, size, 'average');
  return { names, distances, merges, order: orderLeaves(merges, size) };
}
