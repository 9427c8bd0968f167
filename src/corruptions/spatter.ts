import type { Draws } from '../augment/draws.js';
import type { Spatter } from './constants.js';
import { findEdges, measureDistances } from './edges.js';
import { gather, roundEven, smooth, type Tap } from './filters.js';
import { clip, greyWeights, mapPixels, type Pixels, pixelsLike } from './pixels.js';

/** Red, green and blue of pale turquoise and of brown earth. */
const colours = {
  water: [175 / 255, 238 / 255, 238 / 255],
  mud: [63 / 255, 42 / 255, 20 / 255],
} as const;

/** Drops of water, bright at their rims, or of mud, which cover what they lie on. */
export function spatter(
  image: Pixels,
  { mean, deviation, blur, threshold, strength, mud }: Spatter,
  draws: Draws,
): Pixels {
  const { height, width, channels } = image;
  const liquid = mud === 1 ? 'mud' : 'water';
  const drawn = mapPixels(
    pixelsLike({ height, width, channels: 1 }),
    () => mean + deviation * draws.normal(),
  );
  const drops = smooth(drawn, [blur, blur]);
  const colour =
    channels === 3
      ? colours[liquid]
      : [colours[liquid].reduce((sum, value, at) => sum + value * greyWeights[at]!, 0)];
  if (liquid === 'water') {
    const wet = mapPixels(drops, (value) => (value < threshold ? 0 : value));
    const light = lightRims(wet).map((value) => value * strength);
    return mapPixels(image, (value, at) =>
      clip(value + light[Math.floor(at / channels)]! * colour[at % channels]!),
    );
  }
  const cover = smooth(
    mapPixels(drops, (value) => Number(value > threshold)),
    [strength, strength],
  ).data.map((value) => (value < 0.8 ? 0 : value));
  return mapPixels(image, (value, at) => {
    const share = cover[Math.floor(at / channels)]!;
    return clip(value * (1 - share) + share * colour[at % channels]!);
  });
}

const relief: readonly Tap[] = [
  [-2, -1, 0],
  [-1, 1, 1],
  [0, 1, 2],
].flatMap((row, down) => row.map((weight, across) => ({ down: down - 1, across: across - 1, weight })));
const nine: readonly Tap[] = relief.map((tap) => ({ ...tap, weight: 1 / 9 }));

/** How bright the water of every pixel is, 0 to 1: by its depth, and by how it slopes away from the edges of drops. */
export function lightRims(wet: Pixels): Float64Array {
  const { height, width } = wet;
  const depth = Uint8Array.from(wet.data, (value) => Math.floor(255 * clip(value)));
  const edges = findEdges({ height, width, data: depth }, 50, 150);
  const distances = measureDistances(edges, height, width).map((value) => Math.min(20, value));
  const near = gather({ ...wet, data: distances }, nine, 'mirror-pixel').data;
  const even = equalize(Uint8Array.from(near, (value) => Math.floor(value + 1e-6)));
  const bytes = (image: Pixels) => mapPixels(image, (value) => Math.min(255, Math.max(0, roundEven(value))));
  const sloped = bytes(gather({ ...wet, data: Float64Array.from(even) }, relief, 'mirror-pixel'));
  const soft = bytes(gather(sloped, nine, 'mirror-pixel')).data;
  const light = soft.map((value, at) => value * depth[at]!);
  const most = light.reduce((largest, value) => Math.max(largest, value), 0);
  return most === 0 ? light : light.map((value) => value / most);
}

/** Makes all bytes about as frequent, as OpenCV's `equalizeHist` does; equal bytes stay. */
function equalize(bytes: Uint8Array): Uint8Array {
  const counts = new Uint32Array(256);
  for (const byte of bytes) counts[byte]!++;
  const first = counts.findIndex((count) => count > 0);
  const others = bytes.length - counts[first]!;
  if (others === 0) return bytes;
  let below = 0;
  const tones = counts.map((count, byte) => {
    if (byte > first) below += count;
    return Math.min(255, roundEven((below * 255) / others));
  });
  return bytes.map((byte) => tones[byte]!);
}
