import { createHash } from 'node:crypto';
import { canonicalJson } from './json.js';

type Hashable = string | NodeJS.ArrayBufferView;

/** SHA-256 in hex of the parts' bytes, one after the other. */
export function sha256(...parts: readonly Hashable[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/** First `length` hex digits of the SHA-256 of a value's canonical JSON: an identity. */
export function identify(value: unknown, length = 10): string {
  return sha256(canonicalJson(value)).slice(0, length);
}
