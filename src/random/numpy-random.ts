import { mersenne } from 'pure-rand/generator/mersenne';

interface Swappable {
  readonly length: number;
  [index: number]: number;
}

/**
 * Draws what numpy's legacy `RandomState(seed)` draws, bit for bit: MT19937 seeded by `init_genrand`, as numpy
 * does for whole numbers (0 .. 2^32 − 1). Seeds that are lists are not among what is needed here.
 */
export class NumpyRandom {
  readonly #source: { next(): number };

  constructor(seed: number) {
    if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
      throw new RangeError(`a seed is a whole number from 0 to 4294967295, not ${seed}`);
    }
    this.#source = mersenne(seed);
  }

  /** Uniform in [low, high) with 53 random bits: `RandomState.uniform`. */
  uniform(low = 0, high = 1): number {
    const upper = this.#source.next() >>> 5;
    const lower = this.#source.next() >>> 6;
    return low + (high - low) * ((upper * 67108864 + lower) / 9007199254740992);
  }

  /** A whole number in [low, high), which are less than 2^32 apart: `RandomState.randint`. */
  integer(low: number, high: number): number {
    return low + this.#upTo(high - low - 1);
  }

  /** One of the items: `RandomState.choice` without weights. */
  choice<Item>(items: readonly Item[]): Item {
    if (items.length === 0) throw new RangeError('nothing to choose from');
    return items[this.#upTo(items.length - 1)]!;
  }

  /** Shuffles a one-dimensional array in place: `RandomState.shuffle`. */
  shuffle<A extends Swappable>(array: A): A {
    for (let i = array.length - 1; i > 0; i--) {
      const j = this.#upTo(i);
      const kept = array[i]!;
      array[i] = array[j]!;
      array[j] = kept;
    }
    return array;
  }

  /** 0 .. limit: the smallest mask of ones, with rejection (`random_interval` in numpy/random/src/distributions). */
  #upTo(limit: number): number {
    if (limit === 0) return 0;
    const mask = 0xffffffff >>> Math.clz32(limit);
    let drawn = (this.#source.next() & mask) >>> 0;
    while (drawn > limit) drawn = (this.#source.next() & mask) >>> 0;
    return drawn;
  }
}
