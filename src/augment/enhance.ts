import { brightness as brightnessOf, emptyLike, type Raster, toGrey } from './raster.js';

/**
 * From what lacks a quality to the image and beyond it: factor 0 is the one, 1 the other. In single precision and cut
 * down to bytes, as Pillow's ImageEnhance does.
 */
export function blend(lacking: Raster, image: Raster, factor: number): Raster {
  const share = Math.fround(factor);
  if (share === 0) return lacking;
  if (share === 1) return image;
  const out = emptyLike(image);
  for (let at = 0; at < image.data.length; at++) {
    const from = lacking.data[at]!;
    const value = Math.fround(from + Math.fround(share * (image.data[at]! - from)));
    out.data[at] = value <= 0 ? 0 : value >= 255 ? 255 : Math.trunc(value);
  }
  return out;
}

/** From black. */
export const changeBrightness = (image: Raster, factor: number): Raster =>
  blend(emptyLike(image), image, factor);

/** From the mean brightness everywhere. */
export function changeContrast(image: Raster, factor: number): Raster {
  const grey = toGrey(image).data;
  const mean = grey.reduce((sum, byte) => sum + byte, 0) / grey.length;
  const lacking = emptyLike(image);
  lacking.data.fill(Math.trunc(mean + 0.5));
  return blend(lacking, image, factor);
}

/** From grey. */
export function changeColour(image: Raster, factor: number): Raster {
  if (image.channels === 1) return image;
  const lacking = emptyLike(image);
  for (let at = 0; at < image.data.length; at += 3) {
    lacking.data.fill(brightnessOf(image.data, at), at, at + 3);
  }
  return blend(lacking, image, factor);
}

/** From the image smoothed by a 3 x 3 kernel of ones about a five; the outermost pixels stay. */
export const changeSharpness = (image: Raster, factor: number): Raster => blend(smooth(image), image, factor);

function smooth(image: Raster): Raster {
  const { height, width, channels, data } = image;
  const out = { ...image, data: data.slice() };
  const line = width * channels;
  for (let row = 1; row < height - 1; row++) {
    for (let at = row * line + channels; at < (row + 1) * line - channels; at++) {
      let sum = 4 * data[at]!;
      for (const above of [at - line, at, at + line]) {
        sum += data[above - channels]! + data[above]! + data[above + channels]!;
      }
      out.data[at] = Math.floor(sum / 13 + 0.5);
    }
  }
  return out;
}
