import { describe, expect, it } from 'vitest';
import { stream } from '../../../random/stream.js';
import { scorePeople } from '../people.js';
import { drawPeople, makePeople, sexes, twelve } from '../testing/people.js';
import { areaBetweenCumulative, areaBetweenDensities } from './areas.js';
import { areaUnderRoc, aucGap } from './auc.js';
import { scoreDefinitions } from './catalogue.js';
import { absoluteCorrelation, gaussianDiscrepancyOf, laplacianDiscrepancyOf } from './discrepancy.js';
import { momentsOf, type ScoredGroup, type ScoredPair } from './group-scores.js';

const pairOf = (groups: readonly ScoredGroup[], grid = 4096): ScoredPair => ({
  groups: [groups[0]!, groups[1]!],
  grid,
});
const few = pairOf(scorePeople(makePeople(sexes, twelve), sexes));
const many = pairOf(scorePeople(drawPeople(stream(1, 'scores'), 600), sexes));
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('metrics of scores', () => {
  it.each([
    ['gaussian', gaussianDiscrepancyOf, (distance: number) => Math.exp(-((distance / 0.1) ** 2))],
    ['laplacian', laplacianDiscrepancyOf, (distance: number) => Math.exp(-Math.abs(distance) / 0.1)],
  ] as const)('%s discrepancy is that of all pairs', (_, discrepancyOf, kernel) => {
    for (const pair of [few, many]) {
      const [zero, one] = pair.groups.map(({ scores }) => [...scores]);
      const between = (a: readonly number[], b: readonly number[]) =>
        mean(a.map((x) => mean(b.map((y) => kernel(x - y)))));
      const direct = between(one!, one!) - 2 * between(one!, zero!) + between(zero!, zero!);
      expect(discrepancyOf(pair)).toBeCloseTo(direct, 5);
      expect(discrepancyOf({ ...pair, grid: 512 })).toBeCloseTo(direct, 3);
    }
  });

  it('area between densities is that of kernels on all scores', () => {
    for (const pair of [few, many]) {
      const densities = pair.groups.map((group) => {
        const { n, variance } = momentsOf(group);
        const width = Math.sqrt(variance) * n ** -0.2;
        return (x: number) =>
          mean([...group.scores].map((score) => Math.exp(-0.5 * ((x - score) / width) ** 2))) /
          (width * Math.sqrt(2 * Math.PI));
      });
      let direct = 0;
      for (let at = 0; at < 2000; at++) {
        const x = (at + 0.5) / 2000;
        direct += Math.abs(densities[0]!(x) - densities[1]!(x)) / 2000;
      }
      expect(areaBetweenDensities(pair)).toBeCloseTo(direct, 4);
      expect(areaBetweenDensities({ ...pair, grid: 512 })).toBeCloseTo(direct, 3);
    }
  });

  it('area between cumulative distributions is that on a fine grid', () => {
    const share = (group: ScoredGroup, x: number) =>
      mean([...group.scores].map((score) => (score <= x ? 1 : 0)));
    let direct = 0;
    for (let at = 0; at < 20_000; at++) {
      const x = (at + 0.5) / 20_000;
      direct += Math.abs(share(many.groups[0], x) - share(many.groups[1], x)) / 20_000;
    }
    expect(areaBetweenCumulative(many)).toBeCloseTo(direct, 4);
  });

  it('area under the ROC curve counts pairs, ties a half, with the variance of their placements', () => {
    const group: ScoredGroup = {
      name: 'all',
      scores: Float64Array.of(0.1, 0.4, 0.4, 0.4, 0.7, 0.9),
      truth: Uint8Array.of(0, 1, 0, 0, 0, 1),
      weights: new Float64Array(6).fill(1),
    };
    // Positives stand above (1 + 2/2) / 4 and 4/4 of the negatives; negatives below 1, 3/4, 3/4 and 1/2 of the positives.
    const { value, variance } = areaUnderRoc(group);
    expect(value).toBeCloseTo(0.75, 12);
    expect(variance).toBeCloseTo(0.125 / 2 + 0.125 / 3 / 4, 12);
    expect(aucGap.bounds(few, 0.95)!.low).toBe(0);
  });

  it('correlation is that of score and membership', () => {
    const scores = many.groups.flatMap((group) => [...group.scores]);
    const member = many.groups.flatMap((group, at) => Array<number>(group.scores.length).fill(at));
    const covariance = (a: readonly number[], b: readonly number[]) =>
      mean(a.map((x, at) => (x - mean(a)) * (b[at]! - mean(b))));
    const direct =
      covariance(scores, member) / Math.sqrt(covariance(scores, scores) * covariance(member, member));
    expect(absoluteCorrelation.compute(many)).toBeCloseTo(Math.abs(direct), 9);
  });

  it('a person who counts twice is two people', () => {
    const doubled = few.groups.map((group) => ({
      ...group,
      weights: new Float64Array(group.weights.length).fill(2),
    }));
    const copied = few.groups.map((group) => ({
      ...group,
      scores: Float64Array.from([...group.scores, ...group.scores]).sort(),
      truth: Uint8Array.from([...group.truth].flatMap((truth) => [truth, truth])),
      weights: new Float64Array(2 * group.weights.length).fill(1),
    }));
    for (const { name, compute } of scoreDefinitions) {
      expect(compute(pairOf(doubled)), name).toBeCloseTo(compute(pairOf(copied)), 9);
    }
  });

  it('lies inside its analytic interval', () => {
    for (const { name, compute, bounds } of scoreDefinitions) {
      const interval = bounds(many, 0.95);
      if (interval === undefined) continue;
      expect(compute(many), name).toBeGreaterThanOrEqual(interval.low);
      expect(compute(many), name).toBeLessThanOrEqual(interval.high);
    }
  });
});
