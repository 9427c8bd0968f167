import { createHash } from 'node:crypto';

/**
 * The seed in 0 .. 2^31 − 1 that DomainBed makes of two or more whole numbers (misc.py, `seed_hash`): the MD5 of what
 * Python prints for the tuple, modulo 2^31.
 */
export function seedHash(...parts: readonly number[]): number {
  const digest = createHash('md5')
    .update(`(${parts.join(', ')}${parts.length === 1 ? ',' : ''})`)
    .digest('hex');
  return Number(BigInt(`0x${digest}`) % 2n ** 31n);
}
