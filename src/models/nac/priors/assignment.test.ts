import { expect, it } from 'vitest';
import { randomValues } from '../../../engine/testing/backends.js';
import { assignRows } from './assignment.js';

function permutations(size: number): number[][] {
  if (size === 0) return [[]];
  return permutations(size - 1).flatMap((shorter) =>
    Array.from({ length: size }, (_, place) => [
      ...shorter.slice(0, place),
      size - 1,
      ...shorter.slice(place),
    ]),
  );
}

const costOf = (costs: ArrayLike<number>, size: number, columns: ArrayLike<number>) =>
  Array.from({ length: size }, (_, row) => costs[row * size + columns[row]!]!).reduce(
    (sum, cost) => sum + cost,
    0,
  );

it.each([1, 2, 3, 4, 5, 6, 7])('finds the cheapest of all assignments of %i rows', (size) => {
  for (let seed = 0; seed < 20; seed++) {
    // Few levels make ties.
    const costs = randomValues(size * size, seed).map((value) =>
      seed % 2 === 0 ? value : Math.round(3 * value),
    );
    const found = assignRows(costs, size);
    expect([...found].sort((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, index) => index));
    const least = Math.min(...permutations(size).map((columns) => costOf(costs, size, columns)));
    expect(costOf(costs, size, found)).toBeCloseTo(least, 5);
  }
});

it('assigns 128 rows within 20 ms of computing', () => {
  const times = Array.from({ length: 5 }, (_, seed) => {
    const costs = Float64Array.from(randomValues(128 * 128, seed));
    const since = process.cpuUsage();
    assignRows(costs, 128);
    return process.cpuUsage(since).user / 1000;
  });
  expect(Math.min(...times)).toBeLessThan(20);
});
