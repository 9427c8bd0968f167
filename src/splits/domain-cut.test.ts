import { describe, expect, it } from 'vitest';
import { sha256 } from '../core/hash.js';
import { countUp } from '../random/draw.js';
import { cutDomain } from './domain-cut.js';

/** In, out and unlabelled positions, in the order that the shuffles gave them. */
function cutPositions(size: number, trial: number, environment: number, holdout: number, uda = 0) {
  const seed = { trial, environment };
  const [out, kept] = cutDomain(countUp(size), holdout, seed);
  const [unlabelled, rest] = cutDomain(kept, uda, seed);
  return [uda === 0 ? kept : rest, out, unlabelled] as const;
}

const parts = (...all: Parameters<typeof cutPositions>) => cutPositions(...all).map((part) => [...part]);

// By numpy 2.4: keys = list(range(n)); RandomState(seed_hash(trial, environment)).shuffle(keys), as
// domainbed/lib/misc.py cuts them; the hashes are of all positions as little-endian uint32: in, out, uda.
describe('cutDomain', () => {
  it('shuffles and cuts as DomainBed does', () => {
    expect(parts(10, 0, 0, 0.2)).toEqual([[8, 1, 4, 5, 0, 9, 6, 7], [2, 3], []]);
    expect(parts(20, 1, 2, 0.2)).toEqual([
      [14, 0, 9, 11, 19, 7, 18, 17, 10, 12, 13, 4, 5, 6, 15, 2],
      [8, 1, 16, 3],
      [],
    ]);
    expect(parts(5, 0, 1, 0)).toEqual([[3, 2, 0, 1, 4], [], []]);
    expect(parts(10, 0, 0, 0.7)).toEqual([[9, 6, 7], [2, 3, 8, 1, 4, 5, 0], []]);
  });

  it('takes unlabelled examples from what is not held out', () => {
    expect(parts(20, 1, 2, 0.3, 0.5)).toEqual([
      [12, 5, 15, 18, 17, 10, 19],
      [8, 1, 16, 3, 14, 0],
      [6, 11, 7, 13, 9, 2, 4],
    ]);
  });

  it.each([
    [
      23333,
      0,
      0,
      0.2,
      0,
      [18667, 4666, 0],
      '70c85d81a25ce9709f9ed5bd832ff9f4c05b520e43a2c5ce6eecf55238b3a9e4',
    ],
    [
      11667,
      2,
      5,
      0.2,
      0,
      [9334, 2333, 0],
      'fc00facbca12716a18bd13e58ee1bfc0454dd178df705fa2ac93e7abdcc0383d',
    ],
    [
      ...[70000, 1, 1, 0.2, 0.3],
      ...[[39200, 14000, 16800], 'd8ec963979b9c801df8abd2bfdcb8cfd8de1bc03c6b8c525720b959f02fd605d'],
    ] as [number, number, number, number, number, number[], string],
  ])('of %i examples in trial %i, environment %i', (size, trial, environment, holdout, uda, sizes, hash) => {
    const [kept, out, unlabelled] = cutPositions(size, trial, environment, holdout, uda);
    expect([kept.length, out.length, unlabelled.length]).toEqual(sizes);
    expect(sha256(kept, out, unlabelled)).toBe(hash);
  });

  it('refuses what is no share', () => {
    expect(() => parts(10, 0, 0, 1.5)).toThrow(RangeError);
    expect(() => parts(10, 0, 0, 0.2, Number.NaN)).toThrow(RangeError);
  });
});
