import type { MetricClusters } from '../../analysis/transfer/clustering/cluster-metrics.js';
import { type PairClusters, pairFeatures } from '../../analysis/transfer/clustering/cluster-pairs.js';
import { cutTree } from '../../analysis/transfer/clustering/linkage.js';
import { namePair } from '../../analysis/transfer/records.js';
import type { Table } from '../table.js';
import { columns, count, row, value, variableName } from './cells.js';

/** Pairs whose scatters are alike: a section per cluster of k-means, with Ward's cluster of as many beside. */
export function tabulatePairClusters(clusters: PairClusters): Table {
  const { pairs, features, labels, silhouettes, merges, order } = clusters;
  const k = new Set(labels).size;
  const ward = cutTree(merges, pairs.length, k);
  const first = order.map((at) => labels[at]!);
  const rank = new Map([...new Set(first)].map((label, at) => [label, at + 1]));
  const tried = silhouettes.map(({ clusters: one, silhouette }) => `${one}: ${silhouette.toFixed(2)}`);
  const sorted = [...order].sort((a, b) => rank.get(labels[a]!)! - rank.get(labels[b]!)!);
  return {
    name: 'pair-clusters',
    title: 'Pairs of sets whose scatters are alike',
    caption: [
      `Features on probit axes, gap and ranges in accuracy points, each with mean 0 and deviation 1 for clustering. k-means with the number of clusters whose mean silhouette is largest (${tried.join(', ')}); Ward: the cluster when the dendrogram is cut into ${k}.`,
    ],
    stub: ['pair'],
    columns: columns(...pairFeatures, 'Ward'),
    rows: sorted.map((at) =>
      row(
        [namePair(pairs[at]!)],
        [...features[at]!.map(value), count(ward[at]! + 1)],
        `cluster ${rank.get(labels[at]!)}`,
      ),
    ),
  };
}

/** The dendrogram of metrics as it grows: what joins at which distance. */
export function tabulateMetricClusters({ names, merges }: MetricClusters): Table {
  const nameOf = (node: number) =>
    node < names.length ? variableName(names[node]!) : `cluster ${node - names.length + 1}`;
  return {
    name: 'metric-clusters',
    title: 'Metrics that tell the same of networks',
    caption: [
      'Distance: 1 − |Spearman| over networks and pairs, variables standardised within their task; average linkage, the nearest first.',
    ],
    stub: ['cluster', 'of', 'and'],
    columns: columns('distance', 'size'),
    rows: merges.map(({ a, b, height, size }, at) =>
      row([String(at + 1), nameOf(a), nameOf(b)], [value(height), count(size)]),
    ),
  };
}
