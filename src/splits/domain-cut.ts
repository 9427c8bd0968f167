import { NumpyRandom } from '../random/numpy-random.js';
import { seedHash } from '../random/seed-hash.js';

/** Which shuffle an environment's examples get. */
export interface DomainSeed {
  readonly trial: number;
  /** Its place among the environments, from 0. */
  readonly environment: number;
}

/**
 * The first floor(share × n) of an environment's n examples after the shuffle that DomainBed gives them, and the others
 * (domainbed/scripts/train.py, domainbed/lib/misc.py): `RandomState(seed_hash(trial, environment))`. What it holds out
 * is the first part; unlabelled data are the first part of the others, shuffled once more by the same seed.
 */
export function cutDomain(
  examples: Uint32Array,
  share: number,
  { trial, environment }: DomainSeed,
): readonly [Uint32Array, Uint32Array] {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`a share is from 0 to 1, not ${share}`);
  const shuffled = new NumpyRandom(seedHash(trial, environment)).shuffle(examples.slice());
  const count = Math.floor(shuffled.length * share);
  return [shuffled.subarray(0, count), shuffled.subarray(count)];
}
