import type { PredictionsTable, RecordRow } from '../predictions.js';
import { answerOf, type ClassNumbers, scoreClasses } from './rows.js';

/** How many classes come before the true one: larger logits, and of equal ones those of earlier classes. */
export function rankOf(logits: ClassNumbers, truth: number): number {
  const own = logits[truth]!;
  let rank = 0;
  for (let at = 0; at < logits.length; at++) {
    if (logits[at]! > own || (logits[at] === own && at < truth)) rank += 1;
  }
  return rank;
}

/**
 * Share of examples whose true class is among the k of the largest logits. Groups: see `scoreClasses`. A table with a
 * target of fewer than k classes has no rows of it: the value would be 1, and no number of records is NaN.
 */
export function scoreTopK(k: number): (table: PredictionsTable) => RecordRow[] {
  return (table) => {
    const names = Object.keys(table.logits ?? {});
    if (names.some((name) => table.context.names![name]!.length < k)) return [];
    return scoreClasses(table, `top_${k}_accuracy`, (target, rows) => {
      let hits = 0;
      for (const row of rows) {
        const { logits, truth } = answerOf(table, target, row);
        if (rankOf(logits, truth) < k) hits += 1;
      }
      return hits / rows.length;
    });
  };
}
