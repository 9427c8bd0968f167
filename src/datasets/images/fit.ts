import { cut, emptyLike, type Raster, toGrey } from '../../augment/raster.js';
import { resample } from '../../augment/resample.js';

/** How the images of a source become those of a dataset. */
export interface Fit {
  /** Pixels of a row and of a column afterwards. */
  readonly side: number;
  /** `pad`: black pixels around them; `resize`: as Pillow's bilinear filter makes them. */
  readonly fit: 'pad' | 'resize';
  /** Pixels of a row and of a column of the middle part that is kept first; all where it is not given. */
  readonly crop?: number | undefined;
  /** 1: colours become brightness. Grey images are kept as grey whatever is asked for: three equal channels say no more. */
  readonly channels: 1 | 3;
}

/** Channels of what `fitImage` makes. */
export function fittedChannels(channels: number, fit: Pick<Fit, 'channels'>): 1 | 3 {
  return channels === 3 && fit.channels === 3 ? 3 : 1;
}

/** One image as it shall be. The image must be square, and no larger than `side` where it is padded. */
export function fitImage(image: Raster, { side, fit, crop = image.width, channels }: Fit): Raster {
  const from = Math.floor((image.width - crop) / 2);
  const part = cut(image, { top: from, left: from, height: crop, width: crop });
  const coloured = channels === 1 ? toGrey(part) : part;
  return fit === 'pad' ? pad(coloured, side) : resample(coloured, side, side, 'bilinear');
}

function pad(image: Raster, side: number): Raster {
  if (image.width === side) return image;
  const { width, height, channels } = image;
  const out = emptyLike({ height: side, width: side, channels });
  const before = Math.floor((side - width) / 2);
  for (let row = 0; row < height; row++) {
    const line = image.data.subarray(row * width * channels, (row + 1) * width * channels);
    out.data.set(line, ((before + row) * side + before) * channels);
  }
  return out;
}
