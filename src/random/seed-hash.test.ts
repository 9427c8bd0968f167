import { describe, expect, it } from 'vitest';
import { countUp } from './draw.js';
import { shuffleLikeNumpy } from './numpy-shuffle.js';
import { seedHash } from './seed-hash.js';

// Computed with DomainBed's misc.py and numpy.
describe('the hash of seeds', () => {
  it('is that of Python’s tuples', () => {
    expect([seedHash(0, 0), seedHash(1, 0), seedHash(0, 1)]).toEqual([894182419, 785910682, 1514274641]);
  });

  it('orders an environment as DomainBed does', () => {
    expect([...shuffleLikeNumpy(seedHash(0, 0), countUp(10))]).toEqual([2, 3, 8, 1, 4, 5, 0, 9, 6, 7]);
    const twenty = [8, 1, 16, 3, 14, 0, 9, 11, 19, 7, 18, 17, 10, 12, 13, 4, 5, 6, 15, 2];
    expect([...shuffleLikeNumpy(seedHash(1, 2), countUp(20))]).toEqual(twenty);
  });
});
