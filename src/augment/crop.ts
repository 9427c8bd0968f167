import type { Draws } from './draws.js';
import { type Box, cut, emptyLike, type Raster } from './raster.js';
import { type Filter, resample } from './resample.js';

export interface CropOptions {
  /** Least and largest share of the image's area. */
  readonly scale: readonly [number, number];
  /** Least and largest width over height. */
  readonly ratio: readonly [number, number];
  readonly interpolation: Filter | 'random';
}

/** A part of the image of random size and proportion, made as large as the image was (Szegedy et al. 2015). */
export function cropAndResize(image: Raster, options: CropOptions, draws: Draws): Raster {
  const box = drawCrop(image, options, draws);
  const filter = drawFilter(options.interpolation, draws);
  return resample(cut(image, box), image.height, image.width, filter);
}

export function drawFilter(asked: Filter | 'random', draws: Draws): Filter {
  if (asked !== 'random') return asked;
  return draws.chance(0.5) ? 'bilinear' : 'bicubic';
}

/** Ten attempts; then the largest middle part that has an allowed proportion. */
function drawCrop({ width, height }: Raster, { scale, ratio }: CropOptions, draws: Draws): Box {
  const [narrow, wide] = ratio;
  for (let attempt = 0; attempt < 10; attempt++) {
    const area = draws.uniform(...scale) * width * height;
    const proportion = Math.exp(draws.uniform(Math.log(narrow), Math.log(wide)));
    const box = {
      width: Math.round(Math.sqrt(area * proportion)),
      height: Math.round(Math.sqrt(area / proportion)),
    };
    if (box.width < 1 || box.height < 1 || box.width > width || box.height > height) continue;
    const top = draws.below(height - box.height + 1);
    return { ...box, top, left: draws.below(width - box.width + 1) };
  }
  const proportion = width / height;
  const middle = {
    width: proportion > wide ? Math.round(height * wide) : width,
    height: proportion < narrow ? Math.round(width / narrow) : height,
  };
  return {
    ...middle,
    top: Math.floor((height - middle.height) / 2),
    left: Math.floor((width - middle.width) / 2),
  };
}

/** A part as large as the image, of the image with `margin` black pixels around it. */
export function shiftWithin(image: Raster, margin: number, draws: Draws): Raster {
  const { height, width, channels, data } = image;
  const [down, right] = [draws.below(2 * margin + 1) - margin, draws.below(2 * margin + 1) - margin];
  const out = emptyLike(image);
  const columns = Math.max(0, width - Math.abs(right));
  for (let row = Math.max(0, -down); row < Math.min(height, height - down); row++) {
    const from = ((row + down) * width + Math.max(0, right)) * channels;
    const to = (row * width + Math.max(0, -right)) * channels;
    out.data.set(data.subarray(from, from + columns * channels), to);
  }
  return out;
}

/** Left becomes right. */
export function mirror(image: Raster): Raster {
  const { width, channels, data } = image;
  const out = emptyLike(image);
  for (let at = 0; at < data.length; at += channels) {
    const column = (at / channels) % width;
    out.data.set(data.subarray(at, at + channels), at + (width - 1 - 2 * column) * channels);
  }
  return out;
}
