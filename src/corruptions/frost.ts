import { readdirSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Draws } from '../augment/draws.js';
import { cut, type Raster, toGrey } from '../augment/raster.js';
import { readRaster } from '../augment/read-raster.js';
import { resample } from '../augment/resample.js';
import { HeldoutError } from '../core/errors.js';
import type { Frost, Scale } from './constants.js';
import { clip, mapPixels, type Pixels } from './pixels.js';

const endings = ['.png', '.jpg', '.jpeg', '.webp'];
/** Small images see the frost from afar. */
const reductions: Readonly<Record<Scale, number>> = { imagenet: 1, cifar: 0.2 };

/**
 * Photographs of frost in a folder, in the order of their names, of a size from which pieces of `height` by `width` can be
 * cut. Throws HeldoutError where there is no such folder, or no image in it, and where one is damaged.
 */
export async function readFrost(
  folder: string,
  { height, width, scale }: { readonly height: number; readonly width: number; readonly scale: Scale },
): Promise<readonly Raster[]> {
  const files = listImages(folder);
  if (files.length === 0) {
    throw new HeldoutError({
      code: 'E_FROST_IMAGES',
      message: `there are no photographs of frost in ${folder}`,
      place: 'evaluation.corruptions.frost',
      hints: [
        `name a folder of ${endings.join(', ')} files, or leave frost out of evaluation.corruptions.kinds`,
      ],
    });
  }
  return Promise.all(
    files.map(async (file) => enlarge(await decode(join(folder, file)), height, width, scale)),
  );
}

function listImages(folder: string): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder)
    .filter((name) => endings.includes(extname(name).toLowerCase()))
    .sort();
}

async function decode(path: string): Promise<Raster> {
  try {
    return await readRaster(path);
  } catch (cause) {
    throw new HeldoutError({
      code: 'E_FROST_IMAGES',
      message: 'a photograph of frost cannot be read',
      place: path,
      hints: ['remove the file, or put a whole one there'],
      cause,
    });
  }
}

function enlarge(image: Raster, height: number, width: number, scale: Scale): Raster {
  const covering = 1.1 * Math.max(height / image.height, width / image.width);
  const factor = Math.max(reductions[scale], covering);
  const [tall, wide] = [image.height, image.width].map((side) => Math.ceil(side * factor));
  return resample(image, tall!, wide!, 'bicubic');
}

/** A piece of one of the photographs is added to an image that is darker. */
export function addFrost(
  image: Pixels,
  weights: Frost,
  photographs: readonly Raster[],
  draws: Draws,
): Pixels {
  const { height, width, channels } = image;
  const photograph = photographs[draws.below(photographs.length)]!;
  const top = draws.below(photograph.height - height);
  const left = draws.below(photograph.width - width);
  const piece = cut(photograph, { top, left, height, width });
  const frost = (channels === 1 ? toGrey(piece) : piece).data;
  return mapPixels(image, (value, at) => clip(weights.image * value + (weights.frost * frost[at]!) / 255));
}
