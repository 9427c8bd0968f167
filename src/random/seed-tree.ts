import { sha256 } from '../core/hash.js';
import { canonicalJson } from '../core/json.js';

/** Names from the root of the seed tree to one draw: `'init', 'conv1/kernel'` or `'batches', 3`. */
export type SeedPath = readonly (string | number)[];

/** 256 bits, in hex, that depend on the root and on every name of the path, in order. */
export function digestSeed(root: number, path: SeedPath): string {
  if (!Number.isSafeInteger(root)) throw new RangeError(`a seed is an integer, not ${root}`);
  return sha256(canonicalJson([root, ...path]));
}

/**
 * An integer seed in 1 .. 2^31 − 1 for what takes a number: never 0, which some generators read as
 * "no seed". Siblings are independent, so a new name moves no other.
 */
export function deriveSeed(root: number, ...path: SeedPath): number {
  return 1 + (Number.parseInt(digestSeed(root, path).slice(0, 13), 16) % 0x7fffffff);
}
