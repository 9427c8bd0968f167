import { matMul, reshape, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { biasAddGradient } from './bias-add.js';
import { withGradient } from './support/with-gradient.js';

/**
 * The same rows against every example: `shared` `[rows, n]` times the transpose of `x` `[batch, length, n]`, to
 * `[batch, rows, length]`, without a copy of the rows per example.
 */
export function sharedProduct(shared: Tensor, x: Tensor): Tensor {
  const [rows, width] = shared.shape as [number, number];
  return withGradient(
    'shared product',
    [shared, x],
    () => ({ value: matMul(reshape(shared, [1, rows, width]), x, false, true), saved: [shared, x] }),
    (dy, own, each) =>
      tidy(() => {
        const perExample = reshape(matMul(dy, each!), [-1, rows * width]);
        return [
          reshape(biasAddGradient(perExample), [rows, width]),
          matMul(dy, reshape(own!, [1, rows, width]), true, false),
        ];
      }),
  );
}
