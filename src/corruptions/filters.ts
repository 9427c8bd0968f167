import { type Border, foldIndex, foldIndices, type Pixels, pixelsLike } from './pixels.js';

export interface GaussianOptions {
  readonly border?: Border;
  /** Deviations after which the kernel ends. */
  readonly truncate?: number;
}

/**
 * Smooths every channel by a Gaussian of these deviations in pixels, along columns and along rows, as scipy's
 * `gaussian_filter` does: weights at whole distances, up to `truncate` deviations, that sum to 1.
 */
export function smooth(
  image: Pixels,
  [down, across]: readonly [down: number, across: number],
  { border = 'nearest', truncate = 4 }: GaussianOptions = {},
): Pixels {
  const line = image.width * image.channels;
  const columns = convolve(image, gaussian(down, truncate), border, image.height, line, 1, line);
  return convolve(
    columns,
    gaussian(across, truncate),
    border,
    image.width,
    image.channels,
    image.height,
    image.channels,
  );
}

function gaussian(deviation: number, truncate: number): Float64Array {
  if (deviation <= 0) return Float64Array.of(1);
  const reach = Math.floor(truncate * deviation + 0.5);
  const weights = Float64Array.from({ length: 2 * reach + 1 }, (_, at) =>
    Math.exp(-((at - reach) ** 2) / (2 * deviation * deviation)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** Along an axis of `length` places, `step` numbers apart, for `inner` neighbours and `outer` blocks of all of these. */
function convolve(
  image: Pixels,
  weights: Float64Array,
  border: Border,
  length: number,
  step: number,
  outer: number,
  inner: number,
): Pixels {
  if (weights.length === 1) return image;
  const reach = (weights.length - 1) / 2;
  const places = foldIndices(length, reach, border);
  const out = pixelsLike(image);
  for (let block = 0; block < outer; block++) {
    const start = block * length * step;
    for (let at = 0; at < length; at++) {
      const to = start + at * step;
      for (let tap = 0; tap < weights.length; tap++) {
        const [from, weight] = [start + places[at + tap]! * step, weights[tap]!];
        for (let i = 0; i < inner; i++) out.data[to + i]! += weight * image.data[from + i]!;
      }
    }
  }
  return out;
}

/** A weight by the distance of its pixel from the one that is computed. */
export interface Tap {
  readonly down: number;
  readonly across: number;
  readonly weight: number;
}

/** Every pixel the weighted sum of those around it. */
export function gather(image: Pixels, taps: readonly Tap[], border: Border): Pixels {
  const { height, width, channels, data } = image;
  const out = pixelsLike(image);
  for (const { down, across, weight } of taps) {
    const columns = Int32Array.from(
      { length: width },
      (_, at) => foldIndex(at + across, width, border) * channels,
    );
    for (let row = 0; row < height; row++) {
      const from = foldIndex(row + down, height, border) * width * channels;
      let to = row * width * channels;
      for (let column = 0; column < width; column++) {
        const place = from + columns[column]!;
        for (let channel = 0; channel < channels; channel++)
          out.data[to++]! += weight * data[place + channel]!;
      }
    }
  }
  return out;
}

/** The image between its pixels, linearly, at a row and a column; the values of all channels are written to `out`. */
export function sampleAt(
  { height, width, channels, data }: Pixels,
  row: number,
  column: number,
  border: Border,
  out: { [index: number]: number },
  at: number,
): void {
  const [top, left] = [Math.floor(row), Math.floor(column)];
  const [dy, dx] = [row - top, column - left];
  const above = foldIndex(top, height, border) * width;
  const below = foldIndex(top + 1, height, border) * width;
  const [one, two] = [foldIndex(left, width, border), foldIndex(left + 1, width, border)];
  for (let channel = 0; channel < channels; channel++) {
    const value = (place: number) => data[place * channels + channel]!;
    const upper = value(above + one) * (1 - dx) + value(above + two) * dx;
    const lower = value(below + one) * (1 - dx) + value(below + two) * dx;
    out[at + channel] = upper * (1 - dy) + lower * dy;
  }
}

/**
 * The middle of an image, enlarged linearly by a factor of 1 or more to the image's own size; corners of what is enlarged
 * stay corners, as in scipy's `zoom`.
 */
export function zoomIn(image: Pixels, factor: number): Pixels {
  const [rows, columns] = [zoomAxis(image.height, factor), zoomAxis(image.width, factor)];
  const out = pixelsLike(image);
  let to = 0;
  for (let row = 0; row < image.height; row++) {
    for (let column = 0; column < image.width; column++) {
      sampleAt(image, rows[row]!, columns[column]!, 'nearest', out.data, to);
      to += image.channels;
    }
  }
  return out;
}

/** Where along an axis the places of the enlarged middle come from. */
function zoomAxis(length: number, factor: number): Float64Array {
  const part = Math.ceil(length / factor);
  const start = Math.floor((length - part) / 2);
  const enlarged = Math.max(length, roundEven(part * factor));
  const trimmed = Math.floor((enlarged - length) / 2);
  const step = enlarged === 1 ? 0 : (part - 1) / (enlarged - 1);
  return Float64Array.from({ length }, (_, at) => start + (at + trimmed) * step);
}

/** To the nearest whole number, of two the even one. */
export function roundEven(value: number): number {
  const low = Math.floor(value);
  if (value - low !== 0.5) return Math.round(value);
  return low % 2 === 0 ? low : low + 1;
}

/**
 * What a moving camera sees: 2 radius + 1 pixels in a row towards an angle in degrees, weighted by half a Gaussian
 * (ImageMagick's MotionBlur). The outermost pixels go on beyond the border.
 */
export function moveAlong(image: Pixels, radius: number, deviation: number, degrees: number): Pixels {
  const radians = (degrees * Math.PI) / 180;
  const weights = Array.from({ length: 2 * radius + 1 }, (_, at) =>
    Math.exp(-(at * at) / (2 * deviation * deviation)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const taps = weights.map((weight, at) => ({
    down: Math.ceil(at * Math.sin(radians) - 0.5),
    across: Math.ceil(at * Math.cos(radians) - 0.5),
    weight: weight / total,
  }));
  return gather(image, taps, 'nearest');
}
