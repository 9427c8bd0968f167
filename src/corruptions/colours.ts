import type { Saturation } from './constants.js';
import { clip, mapPixels, type Pixels, pixelsLike } from './pixels.js';

/** Nearer to the mean of the channel, or farther from it. */
export function changeContrast(image: Pixels, factor: number): Pixels {
  const { channels, data } = image;
  const means = new Float64Array(channels);
  for (let at = 0; at < data.length; at++) means[at % channels]! += (data[at]! * channels) / data.length;
  return mapPixels(image, (value, at) => {
    const mean = means[at % channels]!;
    return clip((value - mean) * factor + mean);
  });
}

/** Adds to the value of hue, saturation and value: the largest of a pixel's numbers, the others with it. */
export function changeBrightness(image: Pixels, added: number): Pixels {
  const { channels, data } = image;
  const out = pixelsLike(image);
  for (let at = 0; at < data.length; at += channels) {
    const { most } = rangeOf(image, at);
    const value = clip(most + added);
    for (let i = at; i < at + channels; i++) out.data[i] = most === 0 ? value : (data[i]! * value) / most;
  }
  return out;
}

/**
 * Changes the saturation of hue, saturation and value. A grey pixel has the hue red, and becomes reddish where something
 * is added; an image of one channel stays as it is.
 */
export function changeSaturation(image: Pixels, { factor, added }: Saturation): Pixels {
  const { channels, data } = image;
  if (channels === 1) return image;
  const out = pixelsLike(image);
  for (let at = 0; at < data.length; at += channels) {
    const { most, least } = rangeOf(image, at);
    const changed = clip((most === 0 ? 0 : (most - least) / most) * factor + added);
    for (let i = at; i < at + channels; i++) {
      const away = most === least ? Number(i > at) : (most - data[i]!) / (most - least);
      out.data[i] = most * (1 - changed * away);
    }
  }
  return out;
}

/** The largest and the smallest number of the pixel that begins at `at`. */
function rangeOf({ channels, data }: Pixels, at: number): { readonly most: number; readonly least: number } {
  let [most, least] = [data[at]!, data[at]!];
  for (let i = at + 1; i < at + channels; i++) {
    most = Math.max(most, data[i]!);
    least = Math.min(least, data[i]!);
  }
  return { most, least };
}
