import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { digestSeed, type SeedPath } from './seed-tree.js';

/**
 * A sequence of 32-bit draws that belongs to whoever opened it. What must be repeatable on resume is
 * opened anew by its path (step, epoch), never carried along.
 */
export type Stream = RandomGenerator;

/** Opens the stream of a path at its beginning: equal arguments give equal draws, in every process. */
export function stream(root: number, ...path: SeedPath): Stream {
  const digest = digestSeed(root, path);
  const word = (index: number) => Number.parseInt(digest.slice(8 * index, 8 * index + 8), 16) | 0;
  return xoroshiro128plusFromState([word(4), word(5), word(6), word(7)]);
}

/** Uniform in [0, 1) on multiples of 2^−24: every value is exact in float32. */
export function drawFloat24(source: Stream): number {
  return (source.next() >>> 8) / 0x1000000;
}

/** Uniform in [0, 1) on multiples of 2^−53, of two draws: for sampling in double precision. */
export function drawFloat53(source: Stream): number {
  const high = source.next() >>> 5;
  return (high * 0x4000000 + (source.next() >>> 6)) / 0x20000000000000;
}

/** Uniform integer in 0 .. bound − 1, without bias; bound in 1 .. 2^32. */
export function drawBelow(source: Stream, bound: number): number {
  if (!(Number.isInteger(bound) && bound >= 1 && bound <= 0x100000000)) {
    throw new RangeError(`an upper bound is an integer in 1 .. 2^32, not ${bound}`);
  }
  if (bound === 1) return 0;
  // The generator's high bits are its best, so the smallest sufficient number of them is taken.
  const shift = Math.clz32(bound - 1);
  for (;;) {
    const value = source.next() >>> shift;
    if (value < bound) return value;
  }
}
