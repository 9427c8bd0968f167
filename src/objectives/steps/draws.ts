import type { NamedArray, NamedArrays } from '../../engine/engine.js';
import { drawPrefix } from '../../engine/resident.js';
import { countUp, shuffle } from '../../random/draw.js';
import type { Stream } from '../../random/stream.js';
import type { BatchSizes } from '../environments/batch-sizes.js';

/** Names of the random numbers of a step, in its batch. */
export const drawn = {
  order: `${drawPrefix}order`,
} as const;

/** An order of the environments, int32 `[environments]`. */
export function drawOrder({ environments }: BatchSizes, source: Stream): NamedArrays {
  return { [drawn.order]: permutation(environments, source) };
}

function permutation(size: number, source: Stream): NamedArray {
  return { shape: [size], data: Int32Array.from(shuffle(source, countUp(size))) };
}
