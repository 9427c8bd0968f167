import type { Draws } from './draws.js';

export interface EraseOptions {
  readonly probability: number;
  /** Least and largest share of the image's area. */
  readonly area: readonly [number, number];
  /** What stands there: normal noise of every number, one normal colour, or zeros. */
  readonly mode: 'pixel' | 'colour' | 'zero';
}

/** The proportion of what is erased lies between this and its inverse. */
const narrowest = 0.3;

/**
 * Erases a rectangle of one image `[height, width, channels]` in place (Zhong et al. 2020), as timm does it: after
 * normalisation, in ten attempts at most.
 */
export function erase(
  image: Float32Array,
  [height, width, channels]: readonly [number, number, number],
  { probability, area, mode }: EraseOptions,
  draws: Draws,
): void {
  if (!draws.chance(probability)) return;
  for (let attempt = 0; attempt < 10; attempt++) {
    const size = draws.uniform(...area) * height * width;
    const proportion = Math.exp(draws.uniform(Math.log(narrowest), -Math.log(narrowest)));
    const rows = Math.round(Math.sqrt(size * proportion));
    const columns = Math.round(Math.sqrt(size / proportion));
    if (rows >= height || columns >= width) continue;
    const top = draws.below(height - rows + 1);
    const left = draws.below(width - columns + 1);
    const colour = Array.from({ length: channels }, () => (mode === 'colour' ? draws.normal() : 0));
    for (let row = top; row < top + rows; row++) {
      const start = (row * width + left) * channels;
      for (let at = 0; at < columns * channels; at++) {
        image[start + at] = mode === 'pixel' ? draws.normal() : colour[at % channels]!;
      }
    }
    return;
  }
}
