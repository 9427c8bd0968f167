import type { NamedArray, NamedArrays } from '../../engine/engine.js';
import { drawPrefix } from '../../engine/resident.js';
import { drawBeta } from '../../random/beta.js';
import { countUp, fillNormal, fillUniform, shuffle } from '../../random/draw.js';
import { drawBelow, type Stream } from '../../random/stream.js';
import type { BatchSizes } from './batch-sizes.js';

/** Names of the random numbers of a step, in its batch. */
export const drawn = {
  cut: `${drawPrefix}cut`,
  order: `${drawPrefix}order`,
  share: `${drawPrefix}share`,
  first: `${drawPrefix}first`,
  second: `${drawPrefix}second`,
  noise: `${drawPrefix}noise`,
  alpha: `${drawPrefix}alpha`,
  contentOrder: `${drawPrefix}content_order`,
  styleOrder: `${drawPrefix}style_order`,
  adversaryOrder: `${drawPrefix}adversary_order`,
} as const;

/** Where each environment's rows are cut in two, 0 .. examples − 1, `[environments]`. */
export function drawCuts({ environments, examples }: BatchSizes, source: Stream): NamedArrays {
  const cuts = Float32Array.from({ length: environments }, () => drawBelow(source, examples));
  return { [drawn.cut]: vector(cuts) };
}

/** An order of the environments, int32 `[environments]`, and for each place in it a share by Beta(`alpha`, `alpha`). */
export function drawMixtures(alpha: number, { environments }: BatchSizes, source: Stream): NamedArrays {
  const order = permutation(environments, source);
  const shares = Float32Array.from({ length: environments }, () => drawBeta(source, alpha, alpha));
  return { [drawn.order]: order, [drawn.share]: vector(shares) };
}

/** Two lots for every row of a batch, uniform in [0, 1), `[rows]`, and a share by Beta(1/2, 1/2), `[1]`. */
export function drawPartners({ environments, examples }: BatchSizes, source: Stream): NamedArrays {
  const lots = () => uniform([environments * examples], source);
  return {
    [drawn.first]: lots(),
    [drawn.second]: lots(),
    [drawn.share]: vector(Float32Array.of(drawBeta(source, 0.5, 0.5))),
  };
}

/** Standard normal numbers of the features' shape, `[rows, width]`. */
export function drawNoise({ environments, examples, width }: BatchSizes, source: Stream): NamedArrays {
  const rows = environments * examples;
  const data = fillNormal(source, new Float32Array(rows * width));
  return { [drawn.noise]: { shape: [rows, width], data } };
}

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
  return vector(Int32Array.from(shuffle(source, countUp(size))));
}

function vector(data: Float32Array | Int32Array): NamedArray {
  return { shape: [data.length], data };
}
