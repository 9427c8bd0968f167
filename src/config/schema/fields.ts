import * as z from 'zod';

/** A whole number from `least` to `most`. */
export function whole(least: number, most = Number.MAX_SAFE_INTEGER) {
  return z.int().min(least).max(most);
}

/** `auto`, or a whole number of at least 1. */
export function autoOrCount(standard: 'auto' | number = 'auto') {
  return z
    .union([z.literal('auto'), whole(1, 4096)], "must be 'auto' or a whole number from 1 to 4096")
    .default(standard);
}

/** A name that becomes a folder: letters, digits, `.`, `_`, `-`. */
export function folderName() {
  return z
    .string()
    .max(100)
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'must have letters, digits, dots, underscores and dashes only');
}
