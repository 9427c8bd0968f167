import { div, exp, sum, type Tensor } from '@tensorflow/tfjs-core';

/** Over the last axis. */
export const plainSoftmax = (x: Tensor) => {
  const powers = exp(x);
  return div(powers, sum(powers, -1, true));
};
