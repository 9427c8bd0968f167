import { makeGrid } from '../../../variables/grid.js';
import type { Variable } from '../../../variables/variable.js';
import { dataError } from '../../readers/data-error.js';
import { readNpyHeader } from '../../readers/npy.js';
import { findNpzEntry, readNpz } from '../../readers/npz.js';
import { streamZipEntry } from '../../readers/zip.js';
import { side, wordsPerImage } from './rasterize.js';

const pixels = side * side;

/**
 * Reads images of the published dSprites archive: of `kept` level indices per factor, in grid order,
 * bit-packed (128 words per image). The 3 GB of pixels pass by in pieces; only what is kept is held.
 * @param factors The archive's full grid.
 */
export async function readArchiveImages(
  path: string,
  factors: readonly Variable[],
  kept: readonly (readonly number[])[],
): Promise<Uint32Array> {
  await checkOrder(path, factors);
  const slots = placeKept(factors, kept);
  const images = new Uint32Array(
    wordsPerImage * kept.reduce((product, levels) => product * levels.length, 1),
  );
  const pack = makePacker(`${path}:imgs`, slots, images);
  await streamZipEntry(path, findNpzEntry(path, 'imgs'), pack.receive);
  pack.finish();
  return images;
}

/** The archive names each image's levels; they must be those of the grid, after a constant colour. */
async function checkOrder(path: string, factors: readonly Variable[]): Promise<void> {
  const { shape, data } = await readNpz(path, 'latents_classes');
  const grid = makeGrid(factors);
  const width = factors.length + 1;
  const columns = factors.map(({ name }) => grid.column(name));
  const fits =
    shape.length === 2 &&
    shape[0] === grid.size &&
    shape[1] === width &&
    columns.every((column, at) => column.every((level, image) => data[image * width + at + 1] === level));
  if (fits) return;
  const names = factors.map(({ name, levels }) => `${name} ${levels.length}`).join(', ');
  throw dataError(path, `its images are not the ${grid.size} of the grid ${names}`);
}

/** Where each image of the archive goes among the kept ones; -1 for an image that does not stay. */
function placeKept(factors: readonly Variable[], kept: readonly (readonly number[])[]): Int32Array {
  const { size, strides } = makeGrid(factors);
  const slots = new Int32Array(size).fill(-1);
  let images = [0];
  kept.forEach((levels, at) => {
    images = images.flatMap((first) => levels.map((level) => first + level * strides[at]!));
  });
  images.forEach((image, slot) => {
    slots[image] = slot;
  });
  return slots;
}

function makePacker(place: string, slots: Int32Array, images: Uint32Array) {
  let head = Buffer.alloc(0);
  let inBody = false;
  let position = 0;
  const packPixels = (bytes: Uint8Array): void => {
    for (let at = 0; at < bytes.length; ) {
      const image = Math.floor(position / pixels);
      const pixel = position % pixels;
      const length = Math.min(pixels - pixel, bytes.length - at);
      const slot = slots[image] ?? -1;
      if (slot >= 0) {
        for (let i = 0; i < length; i++) {
          const value = bytes[at + i]!;
          if (value === 0) continue;
          if (value > 1) throw dataError(place, `pixels are 0 or 1, but one of image ${image} is ${value}`);
          images[slot * wordsPerImage + ((pixel + i) >> 5)]! |= 1 << ((pixel + i) & 31);
        }
      }
      at += length;
      position += length;
    }
  };
  return {
    receive(piece: Uint8Array): void {
      if (inBody) {
        packPixels(piece);
        return;
      }
      head = Buffer.concat([head, piece]);
      const header = readNpyHeader(head, place);
      if (header === undefined) return;
      const { shape, type, offset } = header;
      const expected = [slots.length, side, side];
      if (type !== 'u1' || String(shape) !== String(expected)) {
        throw dataError(
          place,
          `expected bytes of shape ${expected.join(' x ')}, found ${type} of ${shape.join(' x ')}`,
        );
      }
      inBody = true;
      packPixels(head.subarray(offset));
    },
    finish(): void {
      if (position !== slots.length * pixels) throw dataError(place, 'the array is cut off');
    },
  };
}
