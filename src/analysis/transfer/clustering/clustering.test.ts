import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stream } from '../../../random/stream.js';
import { groupPairs } from '../records.js';
import { plantPair, record } from '../testing/planted.js';
import { largestDifference, readReference } from '../testing/reference.js';
import { clusterMetrics } from './cluster-metrics.js';
import { clusterPairs } from './cluster-pairs.js';
import { clusterPoints, meanSilhouette, squaredDistance } from './k-means.js';
import { cutTree, linkClusters, orderLeaves } from './linkage.js';

const { points, merges } = readReference().ward;
const distancesOf = (rows: readonly (readonly number[])[]) =>
  rows.flatMap((a) => rows.map((b) => Math.sqrt(squaredDistance(a, b))));

describe('a dendrogram', () => {
  it('by Ward grows where the sum of squares grows least', () => {
    const found = linkClusters(distancesOf(points), points.length, 'ward');
    expect(
      largestDifference(
        found.flatMap(({ a, b, height, size }) => [a, b, height, size]),
        merges.flat(),
      ),
    ).toBeLessThan(1e-9);
  });

  it('by average linkage joins at the mean distance', () => {
    // 0 and 1 are 1 apart; 2 is 4 and 3 from them.
    const found = linkClusters([0, 1, 4, 1, 0, 3, 4, 3, 0], 3, 'average');
    expect(found).toEqual([
      { a: 0, b: 1, height: 1, size: 2 },
      { a: 2, b: 3, height: 3.5, size: 3 },
    ]);
    expect(orderLeaves(found, 3)).toEqual([2, 0, 1]);
    expect(cutTree(found, 3, 2)).toEqual([0, 0, 1]);
    expect(cutTree(found, 3, 1)).toEqual([0, 0, 0]);
  });

  it('rises, and shows every leaf once', () => {
    const rows = fc.array(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 2, maxLength: 2 }), {
      minLength: 2,
      maxLength: 12,
    });
    fc.assert(
      fc.property(rows, (own) => {
        for (const linkage of ['ward', 'average'] as const) {
          const found = linkClusters(distancesOf(own), own.length, linkage);
          for (let at = 1; at < found.length; at++)
            expect(found[at]!.height).toBeGreaterThanOrEqual(found[at - 1]!.height - 1e-9);
          expect(orderLeaves(found, own.length).sort((a, b) => a - b)).toEqual(own.map((_, at) => at));
          expect(new Set(cutTree(found, own.length, 2)).size).toBe(2);
        }
      }),
    );
  });
});

describe('k-means', () => {
  const blobs = [0, 10, 20].flatMap((centre) =>
    [-0.2, 0, 0.1, 0.3].map((off) => [centre + off, centre - off]),
  );

  it('finds groups that are there', () => {
    const { labels, within } = clusterPoints(blobs, 3, stream(0, 'test'));
    expect(new Set(labels.slice(0, 4)).size).toBe(1);
    expect(new Set(labels).size).toBe(3);
    expect(within).toBeCloseTo(3 * 2 * (0.0625 + 0.0025 + 0.0025 + 0.0625), 9);
    expect(meanSilhouette(blobs, labels)).toBeGreaterThan(0.95);
  });

  it('is judged by silhouettes', () => {
    // On a line at 0, 1 and 5: of 0: inside 1, outside 5; of 1: inside 1, outside 4; alone: 0.
    expect(meanSilhouette([[0], [1], [5]], [0, 0, 1])).toBeCloseTo((4 / 5 + 3 / 4) / 3, 12);
  });
});

describe('pairs of sets', () => {
  it('fall into the groups that were planted', () => {
    const pairs = groupPairs(
      ['p', 'q', 'r', 's', 't', 'u'].flatMap((ood, at) =>
        at < 3
          ? plantPair({ ood, slope: 1 + at / 100, intercept: -0.2, noise: 0.02 })
          : plantPair({ ood, slope: 0.1, intercept: -0.9 + at / 100, noise: 0.02 }),
      ),
    );
    const found = clusterPairs(pairs)!;
    expect(new Set(found.labels.slice(0, 3)).size).toBe(1);
    expect(new Set(found.labels.slice(3)).size).toBe(1);
    expect(new Set(found.labels).size).toBe(2);
    expect(found.silhouettes.map(({ clusters }) => clusters)).toEqual([2, 3, 4, 5]);
    expect(clusterPairs(pairs.slice(0, 3))).toBeUndefined();
  });
});

describe('metrics', () => {
  it('stand beside those that order networks alike, or the other way round', () => {
    const records = Array.from({ length: 40 }, (_, at) => {
      const [skill, other] = [at / 40, ((at * 17) % 40) / 40];
      return record(`n${at}`, 0, 0, {
        idMetrics: { accuracy: skill, nll: Math.exp(-2 * skill), ece: other },
        oodMetrics: { accuracy: skill ** 2, ece: other ** 3 },
      });
    });
    const { names, distances, merges: found } = clusterMetrics(records)!;
    expect(names).toEqual(['ID accuracy', 'ID nll', 'ID ece', 'OOD accuracy', 'OOD ece']);
    expect(distances[1]).toBeCloseTo(0, 9);
    expect(found.slice(0, 3).every(({ height }) => height < 1e-9)).toBe(true);
    expect(found[3]!.height).toBeGreaterThan(0.5);
  });
});
