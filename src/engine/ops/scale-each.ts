import { mul, reshape, type Tensor } from '@tensorflow/tfjs-core';
import { sizeOf } from '../../core/numbers/shape.js';
import { biasAddGradient } from './bias-add.js';
import { withGradient } from './support/with-gradient.js';

/**
 * `x` `[..., a, .., n]` times `scale` `[a, .., n]`, the same for all of the leading axes. The gradient of the scale sums
 * over them as that of a bias does, in one pass; axes of length 1 in `scale` are broadcast, too, and more slowly.
 */
export function scaleEach(x: Tensor, scale: Tensor): Tensor {
  const own = x.shape.slice(x.rank - scale.rank);
  if (x.rank === scale.rank || own.join() !== scale.shape.join()) return mul(x, scale);
  return withGradient(
    'scaling of each',
    [x, scale],
    () => ({ value: mul(x, scale), saved: [x, scale] }),
    (dy, input, factor) => {
      const rows = reshape(mul(dy, input!), [-1, sizeOf(own)]);
      return [mul(dy, factor!), reshape(biasAddGradient(rows), own)];
    },
  );
}
