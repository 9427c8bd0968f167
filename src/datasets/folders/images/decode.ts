import { cut, type Raster, toGrey } from '../../../augment/raster.js';
import { readRaster } from '../../../augment/read-raster.js';
import { resample } from '../../../augment/resample.js';

/** How a photograph of any size becomes a square. */
export interface SquareFit {
  /** Pixels of a row and of a column. */
  readonly side: number;
  /** `cover`: the middle square of it; `squash`: all of it, out of proportion. */
  readonly fit: 'cover' | 'squash';
  /** Of the shorter side, the share that the middle square has. */
  readonly share: number;
  readonly channels: 1 | 3;
  /** Pixels that the shorter side of a file must have; any will do where it is not given. */
  readonly smallest?: number;
}

/**
 * Decodes an image file to bytes: colours of sRGB, transparency dropped, made smaller by Pillow's bilinear filter.
 * Rejects where the file is damaged, cut off or smaller than asked for.
 */
export async function decodeImage(path: string, fit: SquareFit): Promise<Uint8Array> {
  const image = await readRaster(path);
  const { width, height } = image;
  const { smallest = 1 } = fit;
  if (Math.min(width, height) < smallest) throw new Error(`${width} x ${height} pixels, below ${smallest}`);
  return fitSquare(image, fit).data;
}

/** The square of a decoded image, of as many channels as are asked for. */
export function fitSquare(image: Raster, { side, fit, share, channels }: SquareFit): Raster {
  const { height, width } = image;
  const square = Math.max(1, Math.round(share * Math.min(height, width)));
  const middle = {
    top: Math.floor((height - square) / 2),
    left: Math.floor((width - square) / 2),
    height: square,
    width: square,
  };
  const part = fit === 'cover' ? cut(image, middle) : image;
  const sized = resample(channels === 1 ? toGrey(part) : part, side, side, 'bilinear');
  if (sized.channels === channels) return sized;
  const data = new Uint8Array(side * side * channels);
  sized.data.forEach((pixel, at) => {
    data.fill(pixel, at * channels, (at + 1) * channels);
  });
  return { ...sized, channels, data };
}
