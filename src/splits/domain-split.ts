import { countUp } from '../random/draw.js';
import { NumpyRandom } from '../random/numpy-random.js';
import { seedHash } from '../random/seed-hash.js';

/** Positions within one environment, each in exactly one part, in the order that the shuffle gave them. */
export interface DomainSplit {
  /** What a training environment trains on, and what a test environment is reported on. */
  readonly in: Uint32Array;
  /** Held out: validation, or what the oracle looks at. */
  readonly out: Uint32Array;
  /** Taken from `in`, to be seen without labels; empty unless asked for. */
  readonly uda: Uint32Array;
}

/**
 * Splits an environment of `size` examples as DomainBed does (domainbed/scripts/train.py): its positions are
 * shuffled by `RandomState(seed_hash(trial, environment))`; the first floor(holdout · size) are held out. `uda` is
 * the share of the rest, shuffled once more by the same seed, that goes to unlabelled data. Both shares are in [0, 1].
 */
export function domainSplit(
  size: number,
  trial: number,
  environment: number,
  holdout: number,
  uda = 0,
): DomainSplit {
  for (const [name, share] of Object.entries({ holdout, uda })) {
    if (!(share >= 0 && share <= 1)) throw new RangeError(`${name} is a share from 0 to 1, not ${share}`);
  }
  const seed = seedHash(trial, environment);
  const [out, kept] = cut(countUp(size), holdout, seed);
  if (uda === 0) return { in: kept, out, uda: new Uint32Array() };
  const [unlabelled, rest] = cut(kept, uda, seed);
  return { in: rest, out, uda: unlabelled };
}

/** The first share of the shuffled positions, and the others. */
function cut(positions: Uint32Array, share: number, seed: number): readonly [Uint32Array, Uint32Array] {
  const shuffled = new NumpyRandom(seed).shuffle(positions.slice());
  const count = Math.floor(shuffled.length * share);
  return [shuffled.slice(0, count), shuffled.slice(count)];
}
