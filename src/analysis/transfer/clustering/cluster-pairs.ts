import { stream } from '../../../random/stream.js';
import { fitPair } from '../fits/fit.js';
import type { TransferPair } from '../records.js';
import { labelRegime } from '../regimes/regime.js';
import { clusterPoints, meanSilhouette, squaredDistance } from './k-means.js';
import { linkClusters, type Merge, orderLeaves } from './linkage.js';

/** What a pair is known by, on probit axes; gaps and ranges in accuracy points. */
export const pairFeatures = [
  'slope',
  'intercept',
  'R²',
  'Spearman',
  'mean gap',
  'ID range',
  'OOD range',
] as const;

export interface PairClusters {
  readonly pairs: readonly TransferPair[];
  /** Per pair, `pairFeatures` in their units. */
  readonly features: readonly (readonly number[])[];
  /** Ward's dendrogram on the features, each with mean 0 and deviation 1. */
  readonly merges: readonly Merge[];
  /** Pairs in the order of the dendrogram. */
  readonly order: readonly number[];
  /** k-means with the number of clusters whose mean silhouette is largest. */
  readonly labels: readonly number[];
  readonly silhouettes: readonly { readonly clusters: number; readonly silhouette: number }[];
}

const fewestPairs = 4;
const mostClusters = 8;

/** Groups of pairs whose scatters are alike. Undefined for fewer than four pairs whose line is known. */
export function clusterPairs(all: readonly TransferPair[], seed = 0): PairClusters | undefined {
  const described = all
    .map((pair) => ({ pair, features: describePair(pair) }))
    .filter(({ features }) => features.every(Number.isFinite));
  if (described.length < fewestPairs) return undefined;
  const features = described.map((one) => one.features);
  const points = standardisePoints(features);
  const n = points.length;
  const distances = Float64Array.from({ length: n * n }, (_, at) =>
    Math.sqrt(squaredDistance(points[Math.floor(at / n)]!, points[at % n]!)),
  );
  const merges = linkClusters(distances, n, 'ward');
  const source = stream(seed, 'transfer', 'clusters');
  const tried = Array.from({ length: Math.min(mostClusters, n - 1) - 1 }, (_, at) => {
    const { labels } = clusterPoints(points, at + 2, source);
    return { clusters: at + 2, labels, silhouette: meanSilhouette(points, labels) };
  });
  const best = tried.reduce((one, other) => (other.silhouette > one.silhouette + 1e-12 ? other : one));
  return {
    pairs: described.map((one) => one.pair),
    features,
    merges,
    order: orderLeaves(merges, n),
    labels: best.labels,
    silhouettes: tried.map(({ clusters, silhouette }) => ({ clusters, silhouette })),
  };
}

function describePair(pair: TransferPair): number[] {
  const { slope, intercept, r2, spearman } = fitPair(pair, 'probit', { draws: 0 });
  const { idRange, oodRange } = labelRegime(pair);
  const gaps = pair.records.map(({ idMetrics, oodMetrics }) => idMetrics.accuracy! - oodMetrics.accuracy!);
  const gap = (100 * gaps.reduce((sum, value) => sum + value, 0)) / gaps.length;
  return [slope, intercept, r2, spearman, gap, idRange, oodRange];
}

/** Columns with mean 0 and deviation 1; constant ones are 0. */
export function standardisePoints(rows: readonly (readonly number[])[]): number[][] {
  const columns = rows[0]!.map((_, at) => {
    const mean = rows.reduce((sum, row) => sum + row[at]!, 0) / rows.length;
    const deviation = Math.sqrt(rows.reduce((sum, row) => sum + (row[at]! - mean) ** 2, 0) / rows.length);
    return { mean, deviation };
  });
  return rows.map((row) =>
    row.map((value, at) => {
      const { mean, deviation } = columns[at]!;
      return deviation > 1e-12 * Math.abs(mean) && deviation > 0 ? (value - mean) / deviation : 0;
    }),
  );
}
