import { reshape, type Tensor } from '@tensorflow/tfjs-core';
import { sizeOf } from '../../core/numbers/shape.js';

/** `[batch, ...]` to `[batch, product of the rest]`, row-major. */
export function flatten(x: Tensor): Tensor {
  const [batch = 0, ...rest] = x.shape;
  return reshape(x, [batch, sizeOf(rest)]);
}
