import { emptyLike, type Raster } from './raster.js';
import type { Filter } from './resample.js';

/** Where the pixel (x, y) of the output comes from: (a x + b y + c, d x + e y + f). */
export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/**
 * The image seen through a matrix, to the byte that of Pillow's `transform(AFFINE)`: between pixels by the filter, whose
 * result is cut down to a byte; `fill` where the source lies outside of the image.
 */
export function transform(image: Raster, matrix: Matrix, filter: Filter, fill: number): Raster {
  const out = emptyLike(image);
  out.data.fill(fill);
  const { height, width, channels } = image;
  const [a, b, c, d, e, f] = matrix;
  const sample = filter === 'bilinear' ? sampleLinear : sampleCubic;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const x = a * (column + 0.5) + b * (row + 0.5) + c;
      const y = d * (column + 0.5) + e * (row + 0.5) + f;
      if (x < 0 || x >= width || y < 0 || y >= height) continue;
      const at = (row * width + column) * channels;
      for (let channel = 0; channel < channels; channel++) {
        out.data[at + channel] = sample(image, x - 0.5, y - 0.5, channel);
      }
    }
  }
  return out;
}

function sampleLinear({ width, height, channels, data }: Raster, x: number, y: number, channel: number) {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  const dx = x - column;
  const left = clip(column, width) * channels + channel;
  const right = clip(column + 1, width) * channels + channel;
  const line = (at: number): number => {
    const start = clip(at, height) * width * channels;
    return data[start + left]! + (data[start + right]! - data[start + left]!) * dx;
  };
  const above = line(row);
  return Math.trunc(above + (line(row + 1) - above) * (y - row));
}

function sampleCubic({ width, height, channels, data }: Raster, x: number, y: number, channel: number) {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  const dx = x - column;
  const place = (at: number) => clip(at, width) * channels + channel;
  const [one, two, three, four] = [place(column - 1), place(column), place(column + 1), place(column + 2)];
  const line = (at: number): number => {
    const start = clip(at, height) * width * channels;
    return cubic(data[start + one]!, data[start + two]!, data[start + three]!, data[start + four]!, dx);
  };
  const value = cubic(line(row - 1), line(row), line(row + 1), line(row + 2), y - row);
  return value <= 0 ? 0 : value >= 255 ? 255 : Math.trunc(value);
}

/** Between the second and the third of four numbers, at a distance from the second: Keys' cubic with a = -1. */
function cubic(one: number, two: number, three: number, four: number, distance: number): number {
  const slope = -one + three;
  const square = 2 * (one - two) + three - four;
  const cube = -one + two - three + four;
  return two + distance * (slope + distance * (square + distance * cube));
}

function clip(at: number, length: number): number {
  return at < 0 ? 0 : at >= length ? length - 1 : at;
}

/** Rows move sideways by `factor` pixels per row. */
export const shearX = (factor: number): Matrix => [1, factor, 0, 0, 1, 0];
/** Columns move down by `factor` pixels per column. */
export const shearY = (factor: number): Matrix => [1, 0, 0, factor, 1, 0];
export const translate = (x: number, y: number): Matrix => [1, 0, x, 0, 1, y];

/** The image turned by some degrees against the clock about its centre; right angles of squares are exact. */
export function rotate(image: Raster, degrees: number, filter: Filter, fill: number): Raster {
  const { width, height } = image;
  const angle = degrees - 360 * Math.floor(degrees / 360);
  const quarters = angle / 90;
  if (Number.isInteger(quarters) && (quarters % 2 === 0 || width === height)) return turn(image, quarters);
  const radians = (-angle * Math.PI) / 180;
  const [cos, sin] = [roundTo15(Math.cos(radians)), roundTo15(Math.sin(radians))];
  const [x, y] = [width / 2, height / 2];
  const matrix: Matrix = [cos, sin, cos * -x + sin * -y + x, -sin, cos, -sin * -x + cos * -y + y];
  return transform(image, matrix, filter, fill);
}

function roundTo15(value: number): number {
  return Math.round(value * 1e15) / 1e15;
}

/** By so many quarters of a turn against the clock. */
function turn(image: Raster, quarters: number): Raster {
  if (quarters % 4 === 0) return image;
  const { width, height, channels, data } = image;
  const out = emptyLike(image);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const [fromRow, fromColumn] =
        quarters === 2
          ? [height - 1 - row, width - 1 - column]
          : quarters === 1
            ? [column, width - 1 - row]
            : [height - 1 - column, row];
      const from = (fromRow * width + fromColumn) * channels;
      out.data.set(data.subarray(from, from + channels), (row * width + column) * channels);
    }
  }
  return out;
}
