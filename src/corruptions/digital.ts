import type { Raster } from '../augment/raster.js';
import { resample } from '../augment/resample.js';

/** Made smaller by means over boxes, and as large as before: sides times `share`, cut down to whole pixels. */
export function pixelate(image: Raster, share: number): Raster {
  const { height, width } = image;
  const small = resample(image, Math.floor(height * share), Math.floor(width * share), 'box');
  return resample(small, height, width, 'box');
}

/**
 * Through a JPEG file of this quality, 1 to 100, with colours at half the resolution. libvips and Pillow write it by the
 * same library, with the same tables.
 */
export async function compressJpeg(image: Raster, quality: number): Promise<Raster> {
  const { default: sharp } = await import('sharp');
  const { height, width } = image;
  const channels = image.channels === 3 ? 3 : 1;
  const space = channels === 3 ? 'srgb' : 'b-w';
  const file = await sharp(image.data, { raw: { height, width, channels } })
    .toColourspace(space)
    .jpeg({ quality, chromaSubsampling: '4:2:0' })
    .toBuffer();
  const { data } = await sharp(file)
    .toColourspace(space)
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { height, width, channels, data };
}
