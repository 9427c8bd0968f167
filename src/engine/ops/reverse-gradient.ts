import { clone, mul, neg, type Tensor } from '@tensorflow/tfjs-core';
import type { Quantity } from '../engine.js';
import { asTensor } from './support/quantity.js';
import { withGradient } from './support/with-gradient.js';

/**
 * The same numbers, of which gradients come back times −`by` (Ganin et al., JMLR 2016): what follows descends its loss, and
 * what comes before climbs it.
 */
export function reverseGradient(x: Tensor, by: Quantity): Tensor {
  return withGradient(
    'gradient reversal',
    [x],
    () => ({ value: clone(x), saved: [neg(asTensor(by))] }),
    (dy, times) => [mul(dy, times!)],
  );
}

/** A loss that is told as another value: with the gradients of `loss`, and the number of `value`. */
export function tellAs(loss: Tensor, value: Tensor): Tensor {
  return withGradient(
    'a loss that is told as another value',
    [loss],
    () => ({ value: clone(value), saved: [] }),
    (dy) => [dy],
  );
}
