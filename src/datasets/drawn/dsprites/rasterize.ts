import type { Polygon } from './outlines.js';

/** Pixels along each side of an image. */
export const side = 64;
/** 32-bit words of one bit-packed image: two per row, lowest bit leftmost. */
export const wordsPerImage = 2 * side;

/** Vertices lie on a grid of 1/256 pixel, as a GPU's rasteriser puts them. */
const unitsPerPixel = 256;

/**
 * Draws a polygon moved by (dx, dy) pixels: a pixel is set iff its centre is inside, no antialiasing.
 * Edges are half open (top and left ones belong to the polygon). All arithmetic but one division per
 * crossing is on integers, so no border pixel depends on rounding. The polygon must lie inside the canvas.
 */
export function rasterize(polygon: Polygon, dx: number, dy: number, image: Uint32Array): void {
  image.fill(0);
  const { x, y } = polygon;
  const last = x.length - 1;
  let x0 = toUnits(x[last]! + dx);
  let y0 = toUnits(y[last]! + dy);
  for (let i = 0; i <= last; i++) {
    const x1 = toUnits(x[i]! + dx);
    const y1 = toUnits(y[i]! + dy);
    if (y0 < y1) flipRightOfEdge(x0, y0, x1, y1, image);
    else if (y1 < y0) flipRightOfEdge(x1, y1, x0, y0, image);
    x0 = x1;
    y0 = y1;
  }
}

function toUnits(pixels: number): number {
  return Math.floor(pixels * unitsPerPixel + 0.5);
}

/** First pixel whose centre is not before a coordinate. */
function firstCentre(units: number): number {
  return Math.ceil((units - unitsPerPixel / 2) / unitsPerPixel);
}

/** Inverting everything right of each edge leaves exactly the inside set, whatever the edges' order. */
function flipRightOfEdge(x0: number, y0: number, x1: number, y1: number, image: Uint32Array): void {
  const end = firstCentre(y1);
  for (let row = firstCentre(y0); row < end; row++) {
    const centre = row * unitsPerPixel + unitsPerPixel / 2;
    const column = firstCentre(x0 + ((centre - y0) * (x1 - x0)) / (y1 - y0));
    if (column < 32) {
      image[2 * row]! ^= -1 << column;
      image[2 * row + 1]! ^= -1;
    } else {
      image[2 * row + 1]! ^= -1 << (column - 32);
    }
  }
}

/** Writes a bit-packed image as 64 × 64 floats, 0 or 1, row by row, from `offset` on. */
export function unpackImage(image: Uint32Array, out: Float32Array, offset: number): void {
  out.fill(0, offset, offset + side * side);
  for (let word = 0; word < wordsPerImage; word++) {
    const base = offset + 32 * word;
    for (let bits = image[word]!; bits !== 0; bits &= bits - 1) {
      out[base + 31 - Math.clz32(bits & -bits)] = 1;
    }
  }
}

/** `[256, 8]`: the pixels of every byte of a bit-packed image. */
export function bitValues(): Float32Array {
  return Float32Array.from({ length: 256 * 8 }, (_, at) => ((at >> 3) >> (at & 7)) & 1);
}
