import { describe, expect, it } from 'vitest';
import { sha256 } from '../core/hash.js';
import { countUp } from './draw.js';
import { NumpyRandom } from './numpy-random.js';

const shuffle = <A extends Uint8Array | Uint32Array>(seed: number, array: A): A =>
  new NumpyRandom(seed).shuffle(array);

// Computed with numpy 2.4: RandomState(seed).shuffle(array), then SHA-256 of the array's bytes.
describe('shuffle', () => {
  it('orders ten integers as RandomState(0) does', () => {
    expect([...shuffle(0, countUp(10))]).toEqual([2, 8, 4, 9, 1, 6, 7, 3, 0, 5]);
    expect([...shuffle(0, countUp(3))]).toEqual([2, 1, 0]);
    expect([...shuffle(0, countUp(1))]).toEqual([0]);
  });

  it.each([
    [1000, '0170dcea75cad468919398661e0bae589e101ea5c81e5eabcb7936eec0dd6c0a'],
    [65536, 'ae13f3b2c38f4eeb213e0873b2c9fe66dd77bc12ab36340af92a5b2c0a60f04a'],
    [70001, 'f2c7f69a02ca1da3bfca9dace641fc02b0bdc2508c5bd4bfae1c6513f9f94c9c'],
  ])('orders %i integers as RandomState(0) does', (size, hash) => {
    expect(sha256(shuffle(0, countUp(size)))).toBe(hash);
  });

  it.each([
    [100, 30, 0, 'e07810c5e83818b2531da1dc867584d6f4def03968f41218f334d4fb1250de0e'],
    [46080, 31680, 0, 'beb6028a9f7766886fec1f91ab1e26011be3543a8c7082b287787f67c8f04b97'],
    [737280, 497280, 0, 'e541864a38326c000504b0a055caa4a57b9aaa704642aa81d1f3e26a6e324824'],
    [1000, 300, 7, '02737ffc0312c4d1b229946a0718b0026829e39837dcd1ca00b8477a0c1be76a'],
    [1000, 300, 4294967295, 'e8d3c09f224d06bdf6e905dfe4236f4bd31c1d745b0862cee645bb31694ac370'],
  ])('shuffles %i booleans, the first %i true, with seed %i', (size, count, seed, hash) => {
    expect(sha256(shuffle(seed, new Uint8Array(size).fill(1, 0, count)))).toBe(hash);
  });
});

// One generator after the other: r = RandomState(seed); r.uniform() x 3; r.uniform(-4.5, -2.5) x 2; r.randint(0, 7) x 6;
// r.choice([3, 4, 5]) x 6; r.randint(5, 6); r.randint(0, 2**31); r.randint(10, 1000); r.uniform()
it.each([
  [
    0,
    [0.5488135039273248, 0.7151893663724195, 0.6027633760716439, -3.4102336340062065, -3.6526904013221904],
    [5, 2, 4, 6, 0, 0, 3, 5, 4, 5, 5, 3, 5, 1686997841, 687],
    0.8360787635373775,
  ],
  [
    1,
    [0.417022004702574, 0.7203244934421581, 0.00011437481734488664, -3.8953348547363205, -4.206488218365774],
    [0, 1, 4, 5, 4, 6, 4, 5, 3, 5, 4, 5, 5, 105433556, 917],
    0.44345289377955666,
  ],
  [
    894182419,
    [0.18234572196429177, 0.7788665307311919, 0.7768707478713355, -3.4110664608498884, -2.6497832369594447],
    [6, 5, 4, 3, 0, 1, 3, 4, 4, 4, 4, 3, 5, 1984712739, 747],
    0.7842110618772818,
  ],
  [
    4294967295,
    [0.0976320289940138, 0.9123828453026218, 0.78903530185164, -2.9399928037730643, -4.4641206520265095],
    [3, 2, 3, 3, 2, 3, 4, 5, 5, 5, 4, 4, 5, 2024276873, 611],
    0.2835416937882732,
  ],
])('draws as RandomState(%i) does', (seed, uniform, whole, last) => {
  const random = new NumpyRandom(seed);
  const times = <Drawn>(count: number, draw: () => Drawn) => Array.from({ length: count }, draw);
  expect([
    ...times(3, () => random.uniform()),
    ...times(2, () => random.uniform(-4.5, -2.5)),
    ...times(6, () => random.integer(0, 7)),
    ...times(6, () => random.choice([3, 4, 5])),
    random.integer(5, 6),
    random.integer(0, 2 ** 31),
    random.integer(10, 1000),
    random.uniform(),
  ]).toEqual([...uniform, ...whole, last]);
});

it('refuses what is no seed', () => {
  for (const seed of [-1, 2 ** 32, 0.5, Number.NaN]) expect(() => new NumpyRandom(seed)).toThrow(RangeError);
});
