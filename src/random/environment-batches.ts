import type { Batches } from './batches.js';
import { drawBelow, stream } from './stream.js';

/**
 * Batches of as many examples of every environment, one environment after the other, each drawn with replacement
 * (DomainBed's infinite loaders), from the stream (seed, 'environment batches', step, environment).
 */
export function drawFromEnvironments(
  environments: readonly Uint32Array[],
  each: number,
  seed: number,
): Batches {
  return (step) => {
    const batch = new Uint32Array(environments.length * each);
    for (const [index, examples] of environments.entries()) {
      const source = stream(seed, 'environment batches', step, index);
      for (let at = 0; at < each; at++)
        batch[index * each + at] = examples[drawBelow(source, examples.length)]!;
    }
    return batch;
  };
}

/** All examples at every step, one environment after the other. */
export function takeEnvironments(environments: readonly Uint32Array[]): Batches {
  const batch = Uint32Array.from(environments.flatMap((examples) => [...examples]));
  return () => batch;
}
