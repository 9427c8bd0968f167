import type { NamedArray, NamedArrays } from '../../engine/engine.js';
import { drawPrefix } from '../../engine/resident.js';
import { countUp, fillUniform, shuffle } from '../../random/draw.js';
import type { Stream } from '../../random/stream.js';
import type { BatchSizes } from '../environments/batch-sizes.js';

/** Names of the random numbers of a step, in its batch. */
export const drawn = {
  order: `${drawPrefix}order`,
  alpha: `${drawPrefix}alpha`,
  contentOrder: `${drawPrefix}content_order`,
  styleOrder: `${drawPrefix}style_order`,
  adversaryOrder: `${drawPrefix}adversary_order`,
  noise: `${drawPrefix}noise`,
  first: `${drawPrefix}first`,
  second: `${drawPrefix}second`,
} as const;

/** An order of the environments, int32 `[environments]`. */
export function drawOrder({ environments }: BatchSizes, source: Stream): NamedArrays {
  return { [drawn.order]: permutation(environments, source) };
}

/** Shares, uniform in [0, 1), and three orders of the rows, int32: all `[rows]`. */
export function drawStyles({ environments, examples }: BatchSizes, source: Stream): NamedArrays {
  const rows = environments * examples;
  return {
    [drawn.alpha]: uniform([rows], source),
    [drawn.contentOrder]: permutation(rows, source),
    [drawn.styleOrder]: permutation(rows, source),
    [drawn.adversaryOrder]: permutation(rows, source),
  };
}

/** Numbers of the features' shape, uniform in [0, 1), `[rows, width]`. */
export function drawUniform({ environments, examples, width }: BatchSizes, source: Stream): NamedArrays {
  return { [drawn.noise]: uniform([environments * examples, width], source) };
}

/** Two lots for each class and row, uniform in [0, 1), `[classes, rows]`. */
export function drawLots({ environments, examples, classes = 1 }: BatchSizes, source: Stream): NamedArrays {
  const shape = [classes, environments * examples];
  return { [drawn.first]: uniform(shape, source), [drawn.second]: uniform(shape, source) };
}

function uniform(shape: readonly number[], source: Stream): NamedArray {
  const size = shape.reduce((product, length) => product * length, 1);
  return { shape, data: fillUniform(source, new Float32Array(size)) };
}

function permutation(size: number, source: Stream): NamedArray {
  return { shape: [size], data: Int32Array.from(shuffle(source, countUp(size))) };
}
