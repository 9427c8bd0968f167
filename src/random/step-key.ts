import { digestSeed } from './seed-tree.js';

/** The numbers of a key: 24 bits each, which float32 holds exactly. */
export type StepKey = readonly [number, number];

/**
 * The key of all draws within update number `step`, from 0: a function of the run's seed and the step alone, so that
 * a run that goes on draws what it would have drawn.
 */
export function stepKey(seed: number, step: number): StepKey {
  const digest = digestSeed(seed, ['steps', step]);
  const word = (index: number) => Number.parseInt(digest.slice(6 * index, 6 * index + 6), 16);
  return [word(0), word(1)];
}
