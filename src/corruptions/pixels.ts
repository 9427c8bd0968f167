import type { Raster } from '../augment/raster.js';

/** An image as numbers, 0 black and 1 white: row-major, channels last. One channel is grey, three are red, green and blue. */
export interface Pixels {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly data: Float64Array;
}

/** An image of these numbers' size, to be filled. */
export function pixelsLike({ height, width, channels }: Omit<Pixels, 'data'>): Pixels {
  return { height, width, channels, data: new Float64Array(height * width * channels) };
}

/** Every number by a function of it and of its place. */
export function mapPixels(image: Pixels, change: (value: number, at: number) => number): Pixels {
  return { ...image, data: image.data.map(change) };
}

export function fromRaster(image: Raster): Pixels {
  return { ...image, data: Float64Array.from(image.data, (byte) => byte / 255) };
}

/** Cut to [0, 1], and down to bytes, as ImageNet-C does; a byte that nothing changed stays what it is. */
export function toRaster(image: Pixels): Raster {
  return { ...image, data: Uint8Array.from(image.data, (value) => Math.floor(255 * clip(value) + 1e-6)) };
}

export function clip(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value;
}

/** Weights of red, green and blue in brightness (ITU-R 601). */
export const greyWeights = [0.299, 0.587, 0.114] as const;

/** Brightness of every pixel, one channel. */
export function brightnessOf({ height, width, channels, data }: Pixels): Pixels {
  if (channels === 1) return { height, width, channels, data };
  const grey = pixelsLike({ height, width, channels: 1 });
  const [red, green, blue] = greyWeights;
  for (let at = 0; at < grey.data.length; at++) {
    grey.data[at] = red * data[3 * at]! + green * data[3 * at + 1]! + blue * data[3 * at + 2]!;
  }
  return grey;
}

/** What lies beyond the border: the outermost pixel (`nearest`), or the image mirrored about its edge or its last pixel. */
export type Border = 'nearest' | 'mirror-edge' | 'mirror-pixel';

/** The place among `length` that stands for `at`, which may lie outside. */
export function foldIndex(at: number, length: number, border: Border): number {
  if (at >= 0 && at < length) return at;
  if (border === 'nearest' || length === 1) return at < 0 ? 0 : length - 1;
  const twice = border === 'mirror-edge' ? 2 * length : 2 * length - 2;
  const folded = ((at % twice) + twice) % twice;
  if (folded < length) return folded;
  return border === 'mirror-edge' ? twice - 1 - folded : twice - folded;
}

/** Places of `-reach` .. `length + reach - 1`. */
export function foldIndices(length: number, reach: number, border: Border): Int32Array {
  return Int32Array.from({ length: length + 2 * reach }, (_, at) => foldIndex(at - reach, length, border));
}
