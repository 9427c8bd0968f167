import { weighCubic } from '../../augment/resample.js';

export type Grid = readonly [rows: number, columns: number];

/** Positions of a class token and of a square of patches. */
export function gridOf(shape: readonly number[]): Grid {
  const side = Math.sqrt(shape.at(-2)! - 1);
  return [side, side];
}

/**
 * Learned positions of a class token and of a grid of patches, `[1 + rows · columns, width]`, for another grid: those of the
 * patches are interpolated as timm's `resample_abs_pos_embed` does (bicubic with antialiasing), that of the token stays.
 */
export function resizePositions(data: Float32Array, width: number, from: Grid, to: Grid): Float32Array {
  const token = data.subarray(0, width);
  // `[rows, columns · width]` to rows of the new grid, then each of them, `[columns, width]`, to its columns.
  const tall = resizeRows(data.subarray(width), from[0], to[0]);
  const length = from[1] * width;
  const out = new Float32Array(width * (1 + to[0] * to[1]));
  out.set(token);
  for (let row = 0; row < to[0]; row++) {
    const resized = resizeRows(tall.subarray(row * length, (row + 1) * length), from[1], to[1]);
    out.set(resized, width * (1 + row * to[1]));
  }
  return out;
}

/** `[from, n]` to `[to, n]`: each row is a mean of those that are near, by a cubic that is as wide as the coarser grid. */
function resizeRows(data: Float32Array, from: number, to: number): Float32Array {
  const length = data.length / from;
  const out = new Float32Array(to * length);
  const scale = from / to;
  const stretch = Math.max(1, scale);
  for (let row = 0; row < to; row++) {
    const centre = (row + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - 2 * stretch + 0.5));
    const end = Math.min(from, Math.trunc(centre + 2 * stretch + 0.5));
    const weights = Array.from({ length: end - start }, (_, at) =>
      weighCubic((start + at - centre + 0.5) / stretch),
    );
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    for (let at = 0; at < length; at++) {
      let sum = 0;
      for (const [i, weight] of weights.entries()) sum += weight * data[(start + i) * length + at]!;
      out[row * length + at] = sum / total;
    }
  }
  return out;
}
