import type { Raster } from './raster.js';

/**
 * Decodes an image file: colours of sRGB, transparency dropped; one channel where it is grey, else three. Rejects where
 * the file is damaged or cut off.
 */
export async function readRaster(path: string): Promise<Raster> {
  // Loaded only when a file is read.
  const { default: sharp } = await import('sharp');
  const { data, info } = await sharp(path)
    .toColourspace('srgb')
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { height: info.height, width: info.width, channels: info.channels === 3 ? 3 : 1, data };
}
