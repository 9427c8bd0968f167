import type { Raster } from '../raster.js';

/** The image of scripts/golden/augment.py. */
export function makeImage(height: number, width: number, channels = 3): Raster {
  const data = Uint8Array.from({ length: height * width * channels }, (_, at) => {
    const channel = at % channels;
    const column = Math.floor(at / channels) % width;
    const row = Math.floor(at / channels / width);
    return 20 + ((7 * row * row + 13 * column * column + 29 * (channel + 1) * (row + column)) % 200);
  });
  return { height, width, channels, data };
}
