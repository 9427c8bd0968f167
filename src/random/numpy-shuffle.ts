import { mersenne } from 'pure-rand/generator/mersenne';

interface Swappable {
  readonly length: number;
  [index: number]: number;
}

/**
 * Shuffles in place as numpy's `RandomState(seed).shuffle(array)` does on a one-dimensional array, draw
 * for draw: MT19937 seeded by `init_genrand`, and below each length the smallest mask of ones with
 * rejection (`random_interval` in numpy/random/src/distributions). The seed is in 0 .. 2^32 − 1.
 */
export function shuffleLikeNumpy<A extends Swappable>(seed: number, array: A): A {
  const source = mersenne(seed);
  for (let i = array.length - 1; i > 0; i--) {
    const mask = 0xffffffff >>> Math.clz32(i);
    let j = (source.next() & mask) >>> 0;
    while (j > i) j = (source.next() & mask) >>> 0;
    const kept = array[i]!;
    array[i] = array[j]!;
    array[j] = kept;
  }
  return array;
}
