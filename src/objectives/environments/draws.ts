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
} as const;

/** Where each environment's rows are cut in two, 0 .. examples − 1, `[environments]`. */
export function drawCuts({ environments, examples }: BatchSizes, source: Stream): NamedArrays {
  const cuts = Float32Array.from({ length: environments }, () => drawBelow(source, examples));
  return { [drawn.cut]: vector(cuts) };
}

/** An order of the environments, int32 `[environments]`, and for each place in it a share by Beta(`alpha`, `alpha`). */
export function drawMixtures(alpha: number, { environments }: BatchSizes, source: Stream): NamedArrays {
  const order = Int32Array.from(shuffle(source, countUp(environments)));
  const shares = Float32Array.from({ length: environments }, () => drawBeta(source, alpha, alpha));
  return { [drawn.order]: vector(order), [drawn.share]: vector(shares) };
}

/** Two lots for every row of a batch, uniform in [0, 1), `[rows]`, and a share by Beta(1/2, 1/2), `[1]`. */
export function drawPartners({ environments, examples }: BatchSizes, source: Stream): NamedArrays {
  const lots = () => vector(fillUniform(source, new Float32Array(environments * examples)));
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

function vector(data: Float32Array | Int32Array): NamedArray {
  return { shape: [data.length], data };
}
