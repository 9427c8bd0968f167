import { fillNormal, fillUniform } from '../../../random/draw.js';
import { createFastStream, openKeys } from '../../../random/fast-stream.js';
import { stream } from '../../../random/stream.js';
import type { Attacked, Attempt } from '../attacked.js';
import type { Ball } from '../ball.js';

/** Two classes, the logit of the second above that of the first by w · x + b: what the worst image is, is known. */
export interface LinearNetwork {
  readonly attacked: Attacked;
  readonly weights: Float64Array;
  readonly images: Float32Array;
  readonly labels: readonly number[];
  /** Logit of the true class less the other one, of an image. */
  margin(row: number, image: ArrayLike<number>): number;
}

/** @param room How far the numbers of its images are from 0 and 1. */
export function makeLinear(seed: number, count: number, room = 0, side = 4): LinearNetwork {
  const size = side * side;
  const source = stream(seed, 'linear');
  const weights = Float64Array.from(fillNormal(source, new Float32Array(size)));
  const images = fillUniform(source, new Float32Array(count * size), room, 1 - room);
  const bias = -weights.reduce((sum, weight) => sum + weight / 2, 0);
  const scoreOf = (image: ArrayLike<number>) =>
    weights.reduce((sum, weight, at) => sum + weight * image[at]!, bias);
  const imageOf = (all: Float32Array, row: number) => all.subarray(row * size, (row + 1) * size);
  const labels = Array.from({ length: count }, (_, row) => (scoreOf(imageOf(images, row)) > 0 ? 1 : 0));
  const margin = (row: number, image: ArrayLike<number>) => (labels[row] === 1 ? 1 : -1) * scoreOf(image);
  const attacked: Attacked = {
    count,
    shape: [side, side, 1],
    classes: 2,
    async answer(all, rows, out) {
      for (const row of rows) {
        out.margin[row] = margin(row, imageOf(all, row));
        out.right[row] = out.margin[row]! > 0 || (out.margin[row] === 0 && labels[row] === 0) ? 1 : 0;
      }
    },
    async climb(_, all, rows, out) {
      await attacked.answer(all, rows, out);
      for (const row of rows) {
        const m = out.margin[row]!;
        out.loss[row] = Math.log1p(Math.exp(-m));
        const slope = (-1 / (1 + Math.exp(m))) * (labels[row] === 1 ? 1 : -1);
        for (let at = 0; at < size; at++) out.gradient[row * size + at] = slope * weights[at]!;
      }
    },
  };
  return { attacked, weights, images, labels, margin };
}

/** An attempt on all images that goes on to the highest loss. */
export function attempt(
  { attacked, images }: LinearNetwork,
  ball: Ball,
  more: Partial<Attempt> = {},
): Attempt {
  const draws = createFastStream(openKeys(0, 'attack'));
  return {
    attacked,
    clean: images,
    rows: Uint32Array.from({ length: attacked.count }, (_, row) => row),
    ball,
    steps: 100,
    untilFooled: false,
    draw(row, step) {
      draws.place(row, step);
      return draws;
    },
    ...more,
  };
}
