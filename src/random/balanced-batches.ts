import type { Batches } from './batches.js';
import { drawBelow, stream } from './stream.js';

/**
 * Batches of which every place draws one of the groups, all alike, and then one of its examples, with replacement: an
 * example of group g is drawn with probability 1/(n_g G), so that a batch's mean loss is in expectation the mean of the
 * groups' means. From the stream (seed, 'balanced batches', step).
 */
export function drawBalanced(groups: readonly Uint32Array[], batchSize: number, seed: number): Batches {
  return (step) => {
    const source = stream(seed, 'balanced batches', step);
    return Uint32Array.from({ length: batchSize }, () => {
      const examples = groups[drawBelow(source, groups.length)]!;
      return examples[drawBelow(source, examples.length)]!;
    });
  };
}
