import { countSets, type Split } from './split.js';

/**
 * What is kept of a split, as `split.json`: the sets themselves follow from the config again, and the
 * manifest's hash says whether they are the same.
 */
export function encodeSplit({ rule, statement, sets, held, hash }: Split): string {
  return `${JSON.stringify({ rule, statement, counts: countSets(sets), held, hash }, null, 2)}\n`;
}
