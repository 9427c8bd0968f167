import { drawFloat53, type Stream } from '../../../random/stream.js';

export interface Clustering {
  /** Cluster of every point. */
  readonly labels: readonly number[];
  /** Sum of squared distances from the centres. */
  readonly within: number;
}

const restarts = 25;
const mostRounds = 300;

/**
 * k-means (Lloyd 1982) from 25 starts by k-means++ (Arthur and Vassilvitskii 2007): the one with the least sum of squares.
 * @param points At least k of them, of one length.
 */
export function clusterPoints(points: readonly (readonly number[])[], k: number, source: Stream): Clustering {
  let best: Clustering | undefined;
  for (let start = 0; start < restarts; start++) {
    const found = settle(points, seed(points, k, source));
    if (best === undefined || found.within < best.within - 1e-12) best = found;
  }
  return best!;
}

function seed(points: readonly (readonly number[])[], k: number, source: Stream): number[][] {
  const centres = [[...points[Math.floor(drawFloat53(source) * points.length)]!]];
  while (centres.length < k) {
    const weights = points.map((point) =>
      Math.min(...centres.map((centre) => squaredDistance(point, centre))),
    );
    let rest = drawFloat53(source) * weights.reduce((sum, weight) => sum + weight, 0);
    const chosen = weights.findIndex((weight) => {
      rest -= weight;
      return rest < 0;
    });
    centres.push([...points[chosen === -1 ? points.length - 1 : chosen]!]);
  }
  return centres;
}

function settle(points: readonly (readonly number[])[], centres: number[][]): Clustering {
  let labels: number[] = [];
  for (let round = 0; round < mostRounds; round++) {
    const next = points.map((point) => nearestOf(point, centres));
    if (next.every((label, at) => label === labels[at])) break;
    labels = next;
    for (const [cluster, centre] of centres.entries()) {
      const own = points.filter((_, at) => labels[at] === cluster);
      if (own.length === 0) continue;
      for (let at = 0; at < centre.length; at++)
        centre[at] = own.reduce((sum, point) => sum + point[at]!, 0) / own.length;
    }
  }
  const within = points.reduce((sum, point, at) => sum + squaredDistance(point, centres[labels[at]!]!), 0);
  return { labels, within };
}

function nearestOf(point: readonly number[], centres: readonly (readonly number[])[]): number {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (const [at, centre] of centres.entries()) {
    const distance = squaredDistance(point, centre);
    if (distance < least) [best, least] = [at, distance];
  }
  return best;
}

export function squaredDistance(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, at) => sum + (value - b[at]!) ** 2, 0);
}

/** Mean silhouette (Rousseeuw 1987), −1 to 1; points alone in their cluster count 0. */
export function meanSilhouette(points: readonly (readonly number[])[], labels: readonly number[]): number {
  const clusters = [...new Set(labels)];
  const sizes = new Map(clusters.map((cluster) => [cluster, labels.filter((one) => one === cluster).length]));
  const scores = points.map((point, at) => {
    const own = labels[at]!;
    if (sizes.get(own) === 1) return 0;
    const sums = new Map(clusters.map((cluster) => [cluster, 0]));
    for (const [other, label] of labels.entries())
      sums.set(label, sums.get(label)! + Math.sqrt(squaredDistance(point, points[other]!)));
    const inside = sums.get(own)! / (sizes.get(own)! - 1);
    const outside = Math.min(
      ...clusters.filter((one) => one !== own).map((one) => sums.get(one)! / sizes.get(one)!),
    );
    const most = Math.max(inside, outside);
    return most === 0 ? 0 : (outside - inside) / most;
  });
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}
