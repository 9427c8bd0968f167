import type { Split } from './split.js';

/**
 * What is kept of a split, as `split.json`: the sets themselves follow from the config again, and the
 * manifest's hash says whether they are the same.
 */
export function encodeSplit({ rule, statement, sets, held, hash }: Split): string {
  const counts = { train: sets.train.length, test: sets.test.length };
  return `${JSON.stringify({ rule, statement, counts, held, hash }, null, 2)}\n`;
}
