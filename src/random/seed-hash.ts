import { createHash } from 'node:crypto';
import { pythonRepr } from '../core/python/repr.js';
import { PythonTuple, type PythonValue } from '../core/python/value.js';

/**
 * DomainBed's `seed_hash(*args)`: the MD5 of the tuple as Python's `repr` writes it, modulo 2^31 (domainbed/lib/misc.py).
 * Whole numbers are ints; a whole float is `float(1)`.
 */
export function seedHash(...parts: readonly PythonValue[]): number {
  const hash = createHash('md5')
    .update(pythonRepr(new PythonTuple(parts)), 'utf8')
    .digest();
  return hash.readUInt32BE(12) & 0x7fffffff;
}
