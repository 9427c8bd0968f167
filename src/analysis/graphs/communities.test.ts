import { expect, it } from 'vitest';
import { findCommunities } from './communities.js';

const graphOf = (size: number, weight: (a: number, b: number) => number) =>
  Float64Array.from({ length: size * size }, (_, at) => weight(Math.floor(at / size), at % size));

it('finds planted groups, the largest first', () => {
  const group = (node: number) => (node < 4 ? 0 : node < 10 ? 1 : 2);
  const weights = graphOf(13, (a, b) => (group(a) === group(b) ? 1 : 0.05));
  expect(findCommunities(weights, 13)).toEqual([1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 2, 2, 2]);
});

it('takes two cliques on a bridge for two', () => {
  const edges = new Set(['0-1', '0-2', '1-2', '2-3', '3-4', '3-5', '4-5']);
  const weights = graphOf(6, (a, b) => Number(edges.has(`${Math.min(a, b)}-${Math.max(a, b)}`)));
  expect(findCommunities(weights, 6)).toEqual([0, 0, 0, 1, 1, 1]);
});

it('leaves nodes without links alone, and joins what is all alike', () => {
  expect(
    findCommunities(
      graphOf(3, (a, b) => Number(a === b)),
      3,
    ),
  ).toEqual([0, 1, 2]);
  const alike = findCommunities(
    graphOf(4, () => 1),
    4,
  );
  expect(new Set(alike).size).toBeLessThanOrEqual(4);
});
