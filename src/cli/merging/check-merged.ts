import { HeldoutError } from '../../core/errors.js';
import type { PredictionsTable } from '../../evaluation/predictions.js';
import type { Merger } from './write-merged.js';

/** How far a logit of a merged network may lie from f + Σ weights_k g_k + constant. */
export const mostDifference = 1e-4;

/**
 * The largest distance between the logits of a merged network and the sums of the outputs of the two-headed one, over all
 * people of all sets. Throws HeldoutError where it is above `mostDifference`, or the people are not the same.
 */
export function checkMerged(merger: Merger, merged: PredictionsTable, folder: string): number {
  const { source, weights, constant } = merger;
  const { table, target, protected: group, offset } = source;
  const refuse = (code: string, message: string, hints: readonly string[]) =>
    new HeldoutError({ code, message, place: folder, hints, exitCode: 1 });
  const isSame =
    merged.example.length === table.example.length &&
    merged.example.every((example, row) => example === table.example[row]);
  const [own, f, g] = [merged.logits?.[target.name], table.logits?.[target.name], table.logits?.[group.name]];
  if (!isSame || own === undefined || f === undefined || g === undefined) {
    throw refuse('E_MERGE_PEOPLE', 'this merged network was not evaluated on the people of its source', [
      `npm run experiment -- evaluate ${source.run}`,
      'remove this folder, and merge again',
    ]);
  }
  const levels = group.levels.length;
  const outputOf = (row: number, head: number) =>
    levels === 2 ? g[2 * row + 1]! - g[2 * row]! + offset : g[levels * row + head]!;
  let largest = 0;
  for (let row = 0; row < merged.example.length; row++) {
    let sum = f[2 * row + 1]! - f[2 * row]! + constant;
    for (const [head, weight] of weights.entries()) sum += weight * outputOf(row, head);
    const difference = Math.abs(own[2 * row + 1]! - own[2 * row]! - sum);
    // A difference that is no number is the largest of all.
    if (!(difference <= largest)) largest = difference;
  }
  if (largest <= mostDifference) return largest;
  throw refuse(
    'E_MERGE_INEXACT',
    `a logit of the merged network is ${largest.toPrecision(3)} from the sum of the heads, above ${mostDifference}`,
    [
      'evaluate both in float32: train with engine.precision=float32',
      `npm run experiment -- evaluate ${source.run} renews its predictions, if they are of other weights`,
    ],
  );
}
