import { choose } from '../random/draw.js';
import { stream } from '../random/stream.js';

/**
 * The same `count` examples of a set every time: ascending, drawn from the stream (seed, 'evaluation',
 * name); all of them where there are no more.
 */
export function sampleSet(examples: Uint32Array, count: number, seed: number, name: string): Uint32Array {
  if (examples.length <= count) return examples;
  const chosen = choose(stream(seed, 'evaluation', name), examples.length, count);
  return chosen.map((at) => examples[at]!).sort();
}
