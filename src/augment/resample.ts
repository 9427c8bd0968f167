import { emptyLike, type Raster } from './raster.js';

export type Filter = 'bilinear' | 'bicubic';
/** `box`: the mean of the pixels that one covers. */
export type SizeFilter = Filter | 'box';

/** Weight of a source pixel by its distance from an output pixel, and where it ends. */
const filters: Readonly<Record<SizeFilter, { readonly support: number; weigh(x: number): number }>> = {
  bilinear: { support: 1, weigh: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { support: 2, weigh: weighCubic },
  box: { support: 0.5, weigh: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
};

/** Keys' cubic with a = -0.5. */
export function weighCubic(signed: number): number {
  const x = Math.abs(signed);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}

/** Weights are whole multiples of 2^-22. */
const fractionBits = 22;

/** What one axis of an output is made of: output i is a sum of `counts[i]` inputs from `starts[i]` on. */
interface Weights {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  /** `most` per output. */
  readonly weights: Int32Array;
  readonly most: number;
}

const known = new Map<string, Weights>();

function weightsOf(from: number, to: number, name: SizeFilter): Weights {
  const key = `${name} ${from} ${to}`;
  const found = known.get(key) ?? computeWeights(from, to, name);
  known.set(key, found);
  return found;
}

function computeWeights(from: number, to: number, name: SizeFilter): Weights {
  const { support, weigh } = filters[name];
  const scale = from / to;
  const stretch = Math.max(1, scale);
  const reach = support * stretch;
  const most = Math.ceil(reach) * 2 + 1;
  const [starts, counts] = [new Int32Array(to), new Int32Array(to)];
  const weights = new Int32Array(to * most);
  for (let at = 0; at < to; at++) {
    const centre = (at + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - reach + 0.5));
    const end = Math.min(from, Math.trunc(centre + reach + 0.5));
    const shares = Array.from({ length: end - start }, (_, i) => weigh((start + i - centre + 0.5) / stretch));
    const total = shares.reduce((sum, share) => sum + share, 0);
    starts[at] = start;
    counts[at] = shares.length;
    shares.forEach((share, i) => {
      const whole = (share / total) * 2 ** fractionBits;
      weights[at * most + i] = Math.trunc(whole + (whole < 0 ? -0.5 : 0.5));
    });
  }
  return { starts, counts, weights, most };
}

/**
 * An image of another size, to the byte that of Pillow's `resize` before its version 13: filtered along rows, then
 * along columns, over as many source pixels as an output pixel covers where it becomes smaller.
 */
export function resample(image: Raster, height: number, width: number, filter: SizeFilter): Raster {
  const wide = width === image.width ? image : alongRows(image, weightsOf(image.width, width, filter), width);
  return height === image.height ? wide : alongColumns(wide, weightsOf(image.height, height, filter), height);
}

function alongRows(image: Raster, { starts, counts, weights, most }: Weights, width: number): Raster {
  const { height, channels, data } = image;
  const out = emptyLike({ height, width, channels });
  let to = 0;
  for (let row = 0; row < height; row++) {
    const start = row * image.width;
    for (let column = 0; column < width; column++) {
      const from = (start + starts[column]!) * channels;
      const [count, weight] = [counts[column]!, column * most];
      for (let channel = 0; channel < channels; channel++) {
        let sum = 1 << (fractionBits - 1);
        for (let i = 0; i < count; i++) sum += data[from + channel + i * channels]! * weights[weight + i]!;
        out.data[to++] = toByte(sum >> fractionBits);
      }
    }
  }
  return out;
}

function alongColumns(image: Raster, { starts, counts, weights, most }: Weights, height: number): Raster {
  const { width, channels, data } = image;
  const out = emptyLike({ height, width, channels });
  const line = width * channels;
  for (let row = 0; row < height; row++) {
    const [from, count, weight] = [starts[row]! * line, counts[row]!, row * most];
    for (let at = 0; at < line; at++) {
      let sum = 1 << (fractionBits - 1);
      for (let i = 0; i < count; i++) sum += data[from + at + i * line]! * weights[weight + i]!;
      out.data[row * line + at] = toByte(sum >> fractionBits);
    }
  }
  return out;
}

/** The nearest number that a byte holds. */
function toByte(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
