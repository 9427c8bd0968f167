import {
  exp,
  mul,
  sub,
  sum,
  type Tensor,
  logSoftmax as tfLogSoftmax,
  softmax as tfSoftmax,
} from '@tensorflow/tfjs-core';
import { logSoftmax as logSoftmaxKernel, softmaxGradientKernel, softmaxKernel } from '../kernels/names.js';
import { isAvailable, runKernel } from './support/available.js';
import { withGradient } from './support/with-gradient.js';

/** `x` `[..., n]` to numbers that sum to 1 over the last axis. */
export function softmax(x: Tensor): Tensor {
  return withGradient(
    'softmax',
    [x],
    () => {
      const value = isAvailable(softmaxKernel) ? runKernel(softmaxKernel, { x }) : tfSoftmax(x);
      return { value, saved: [value] };
    },
    (dy, y) => {
      if (isAvailable(softmaxGradientKernel)) return [runKernel(softmaxGradientKernel, { dy, y: y! })];
      const weighted = mul(dy, y!);
      return [sub(weighted, mul(y!, sum(weighted, -1, true)))];
    },
  );
}

/** The logarithm of `softmax`, without the loss of small values. */
export function logSoftmax(x: Tensor): Tensor {
  return withGradient(
    'log-softmax',
    [x],
    () => {
      const value = computeLogSoftmax(x);
      return { value, saved: [value] };
    },
    (dy, y) => [sub(dy, mul(exp(y!), sum(dy, -1, true)))],
  );
}

/** Its values alone, for gradients and other ops. */
export function computeLogSoftmax(logits: Tensor): Tensor {
  return isAvailable(logSoftmaxKernel) ? runKernel(logSoftmaxKernel, { logits }) : tfLogSoftmax(logits);
}
