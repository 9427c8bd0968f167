import type { Draws } from './draws.js';

export interface MixOptions {
  /** Concentration of Mixup's beta distribution (Zhang et al. 2018); 0: no Mixup. */
  readonly mixup: number;
  /** Concentration of CutMix's (Yun et al. 2019); 0: no CutMix. */
  readonly cutmix: number;
  /** That a batch is mixed at all. */
  readonly probability: number;
  /** That it is CutMix, where there are both. */
  readonly switch_probability: number;
}

/**
 * Mixes every image of a batch `[count, height, width, channels]`, in place, with the one that stands as far from the
 * end as it stands from the beginning: all numbers in one proportion, or one rectangle. As timm does it per batch.
 * Returns the share that an image, and so its target, keeps of itself, in [0, 1].
 */
export function mix(
  images: Float32Array,
  shape: readonly [count: number, height: number, width: number, channels: number],
  { mixup, cutmix, probability, switch_probability }: MixOptions,
  draws: Draws,
): number {
  if (!draws.chance(probability)) return 1;
  const cuts = cutmix > 0 && (mixup === 0 || draws.chance(switch_probability));
  const share = draws.beta(cuts ? cutmix : mixup);
  return cuts ? exchange(images, shape, share, draws) : interpolate(images, shape[0], share);
}

function interpolate(images: Float32Array, count: number, share: number): number {
  const size = images.length / count;
  const kept = Math.fround(share);
  for (let first = 0; first < count / 2; first++) {
    const [a, b] = [first * size, (count - 1 - first) * size];
    for (let at = 0; at < size; at++) {
      const [one, other] = [images[a + at]!, images[b + at]!];
      images[a + at] = one * kept + other * (1 - kept);
      images[b + at] = other * kept + one * (1 - kept);
    }
  }
  return kept;
}

/** A rectangle about a random pixel, cut off by the border, which the share then counts. */
function exchange(
  images: Float32Array,
  [count, height, width, channels]: readonly [number, number, number, number],
  share: number,
  draws: Draws,
): number {
  const side = Math.sqrt(1 - share);
  const rows = span(draws.below(height), Math.trunc(height * side), height);
  const columns = span(draws.below(width), Math.trunc(width * side), width);
  const size = height * width * channels;
  for (let first = 0; first < count / 2; first++) {
    const [a, b] = [first * size, (count - 1 - first) * size];
    if (a === b) continue;
    for (let row = rows.from; row < rows.to; row++) {
      const end = (row * width + columns.to) * channels;
      for (let at = (row * width + columns.from) * channels; at < end; at++) {
        const kept = images[a + at]!;
        images[a + at] = images[b + at]!;
        images[b + at] = kept;
      }
    }
  }
  return 1 - ((rows.to - rows.from) * (columns.to - columns.from)) / (height * width);
}

function span(centre: number, length: number, end: number): { readonly from: number; readonly to: number } {
  const clip = (at: number) => Math.min(end, Math.max(0, at));
  return { from: clip(centre - Math.floor(length / 2)), to: clip(centre + Math.floor((length + 1) / 2)) };
}
