import { describe, expect, it } from 'vitest';
import { sha256 } from '../core/hash.js';
import { countUp } from './draw.js';
import { shuffleLikeNumpy } from './numpy-shuffle.js';

// Computed with numpy 2.4: RandomState(seed).shuffle(array), then SHA-256 of the array's bytes.
describe('shuffleLikeNumpy', () => {
  it('orders ten integers as RandomState(0) does', () => {
    expect([...shuffleLikeNumpy(0, countUp(10))]).toEqual([2, 8, 4, 9, 1, 6, 7, 3, 0, 5]);
    expect([...shuffleLikeNumpy(0, countUp(3))]).toEqual([2, 1, 0]);
    expect([...shuffleLikeNumpy(0, countUp(1))]).toEqual([0]);
  });

  it.each([
    [1000, '0170dcea75cad468919398661e0bae589e101ea5c81e5eabcb7936eec0dd6c0a'],
    [65536, 'ae13f3b2c38f4eeb213e0873b2c9fe66dd77bc12ab36340af92a5b2c0a60f04a'],
    [70001, 'f2c7f69a02ca1da3bfca9dace641fc02b0bdc2508c5bd4bfae1c6513f9f94c9c'],
  ])('orders %i integers as RandomState(0) does', (size, hash) => {
    expect(sha256(shuffleLikeNumpy(0, countUp(size)))).toBe(hash);
  });

  it.each([
    [100, 30, 0, 'e07810c5e83818b2531da1dc867584d6f4def03968f41218f334d4fb1250de0e'],
    [46080, 31680, 0, 'beb6028a9f7766886fec1f91ab1e26011be3543a8c7082b287787f67c8f04b97'],
    [737280, 497280, 0, 'e541864a38326c000504b0a055caa4a57b9aaa704642aa81d1f3e26a6e324824'],
    [1000, 300, 7, '02737ffc0312c4d1b229946a0718b0026829e39837dcd1ca00b8477a0c1be76a'],
    [1000, 300, 4294967295, 'e8d3c09f224d06bdf6e905dfe4236f4bd31c1d745b0862cee645bb31694ac370'],
  ])('shuffles %i booleans, the first %i true, with seed %i', (size, count, seed, hash) => {
    expect(sha256(shuffleLikeNumpy(seed, new Uint8Array(size).fill(1, 0, count)))).toBe(hash);
  });
});
