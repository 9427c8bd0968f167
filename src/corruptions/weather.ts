import type { Draws } from '../augment/draws.js';
import type { Fog, Snow } from './constants.js';
import { moveAlong, zoomIn } from './filters.js';
import { brightnessOf, clip, mapPixels, type Pixels, pixelsLike } from './pixels.js';
import { drawPlasma } from './plasma.js';

/** Bright flakes that fall, and the same seen from the opposite corner, before an image that is paler. */
export function addSnow(
  image: Pixels,
  { mean, deviation, zoom, threshold, fallRadius, fallDeviation, keep }: Snow,
  draws: Draws,
): Pixels {
  const { height, width, channels } = image;
  const drawn = mapPixels(
    pixelsLike({ height, width, channels: 1 }),
    () => mean + deviation * draws.normal(),
  );
  const flakes = mapPixels(zoomIn(drawn, zoom), (value) => (value < threshold ? 0 : clip(value)));
  const falling = moveAlong(flakes, fallRadius, fallDeviation, draws.uniform(-135, -45)).data;
  const layer = falling.map((value) => Math.round(255 * value) / 255);
  const grey = brightnessOf(image).data;
  return mapPixels(image, (value, at) => {
    const pixel = Math.floor(at / channels);
    const pale = Math.max(value, grey[pixel]! * 1.5 + 0.5);
    const snow = layer[pixel]! + layer[layer.length - 1 - pixel]!;
    return clip(keep * value + (1 - keep) * pale + snow);
  });
}

/** Light of a drawn cloud, the whole then as bright at most as before. */
export function addFog(image: Pixels, { strength, decay }: Fog, draws: Draws): Pixels {
  const { height, width, channels, data } = image;
  const side = 2 ** Math.ceil(Math.log2(Math.max(height, width)));
  const cloud = drawPlasma(side, decay, draws);
  const most = data.reduce((largest, value) => Math.max(largest, value), 0);
  const scale = most / (most + strength);
  return mapPixels(image, (value, at) => {
    const pixel = Math.floor(at / channels);
    const place = Math.floor(pixel / width) * side + (pixel % width);
    return clip((value + strength * cloud[place]!) * scale);
  });
}
