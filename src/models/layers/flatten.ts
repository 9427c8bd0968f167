import { reshape, type Tensor } from '@tensorflow/tfjs-core';

/** `[batch, ...]` to `[batch, product of the rest]`, row-major. */
export function flatten(x: Tensor): Tensor {
  const [batch = 0, ...rest] = x.shape;
  return reshape(x, [batch, rest.reduce((product, size) => product * size, 1)]);
}
