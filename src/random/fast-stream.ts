import { stream } from './stream.js';

/** What finds the state of an example's draws: four words of the seed tree. */
export type Keys = readonly [number, number, number, number];

/** The keys of a path. */
export function openKeys(seed: number, ...path: readonly (string | number)[]): Keys {
  const source = stream(seed, ...path);
  return [source.next(), source.next(), source.next(), source.next()];
}

/**
 * Draws for data that are made on demand, thousands of numbers an example: xoroshiro64** (Blackman & Vigna 2021). Its
 * state is 64 bits, which `place` finds from two counters, so that what an example has does not depend on what was
 * drawn before it. One object serves all examples in turn.
 */
export interface FastStream {
  /** Goes to the beginning of what belongs to two whole numbers below 2^32. */
  place(first: number, second: number): void;
  /** Fills with random bits. */
  fill(words: Int32Array): void;
  /** Uniform in [low, high), on 2^24 steps. */
  uniform(low: number, high: number): number;
}

export function createFastStream(keys: Keys): FastStream {
  let [s0, s1] = [0, 0];
  const fill = (words: Int32Array): void => {
    // Local copies of the state make this the fastest part of what uses it.
    let [a, b] = [s0, s1];
    for (let at = 0; at < words.length; at++) {
      const product = Math.imul(a, 0x9e3779bb);
      words[at] = Math.imul((product << 5) | (product >>> 27), 5);
      b ^= a;
      a = ((a << 26) | (a >>> 6)) ^ b ^ (b << 9);
      b = (b << 13) | (b >>> 19);
    }
    [s0, s1] = [a, b];
  };
  const word = new Int32Array(1);
  return {
    place(first, second) {
      s0 = mix((mix(first ^ keys[0]) + second) ^ keys[1]);
      s1 = mix((mix(first ^ keys[2]) + second) ^ keys[3]);
      // All zeros is the one state without a successor.
      if (s0 === 0 && s1 === 0) s0 = 1;
    },
    fill,
    uniform(low, high) {
      fill(word);
      return low + ((high - low) * (word[0]! >>> 8)) / 0x1000000;
    },
  };
}

/** A permutation of the 32-bit words in which every bit of the result depends on every bit (Ellis, lowbias32). */
function mix(word: number): number {
  let x = word ^ (word >>> 16);
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  return x ^ (x >>> 16);
}
