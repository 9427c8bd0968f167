/** Pixels of an image as bytes: row-major, channels last. One channel is grey, three are red, green and blue. */
export interface Raster {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly data: Uint8Array;
}

/** A part of an image: from row `top` and column `left` on. */
export interface Box {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** An image of the same size, to be filled. */
export function emptyLike({ height, width, channels }: Omit<Raster, 'data'>): Raster {
  return { height, width, channels, data: new Uint8Array(height * width * channels) };
}

/** The pixels of a box that lies within the image. */
export function cut(image: Raster, { top, left, height, width }: Box): Raster {
  const { channels } = image;
  if (height === image.height && width === image.width) return image;
  const part = emptyLike({ height, width, channels });
  for (let row = 0; row < height; row++) {
    const from = ((top + row) * image.width + left) * channels;
    part.data.set(image.data.subarray(from, from + width * channels), row * width * channels);
  }
  return part;
}

/** Brightness by ITU-R 601-2, as Pillow's mode L has it. A grey image is returned as it is. */
export function toGrey(image: Raster): Raster {
  if (image.channels === 1) return image;
  const grey = emptyLike({ ...image, channels: 1 });
  for (let at = 0; at < grey.data.length; at++) grey.data[at] = brightness(image.data, 3 * at);
  return grey;
}

/** The same with the brightness in every channel. */
export function greyen(image: Raster): Raster {
  if (image.channels === 1) return image;
  const out = emptyLike(image);
  for (let at = 0; at < out.data.length; at += 3) out.data.fill(brightness(image.data, at), at, at + 3);
  return out;
}

/** Of the pixel whose red stands at `at`. */
export function brightness(data: Uint8Array, at: number): number {
  return (data[at]! * 19595 + data[at + 1]! * 38470 + data[at + 2]! * 7471 + 0x8000) >> 16;
}
