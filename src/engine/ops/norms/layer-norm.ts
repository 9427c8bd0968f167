import { add, div, mean, mul, reshape, rsqrt, square, sub, type Tensor } from '@tensorflow/tfjs-core';
import { layerNormGradientKernel, layerNormKernel } from '../../kernels/names.js';
import { biasAdd, biasAddGradient } from '../bias-add.js';
import { product } from '../product.js';
import { isAvailable, runKernels } from '../support/available.js';
import { withGradient } from '../support/with-gradient.js';

/**
 * Layer normalisation (Ba et al., 2016) over the last axis: `x` `[..., n]`, `scale` and `shift` `[n]`. The variance
 * is the mean of squared deviations, as in PyTorch; `epsilon` is added to it.
 */
export function layerNorm(x: Tensor, scale: Tensor, shift: Tensor, epsilon: number): Tensor {
  const width = x.shape.at(-1)!;
  if (isAvailable(layerNormKernel)) return layerNormAtOnce(x, scale, shift, epsilon);
  return withGradient(
    'layer norm',
    [x, scale, shift],
    () => {
      const rows = reshape(x, [-1, width]);
      const centred = sub(rows, mean(rows, 1, true));
      const inverse = rsqrt(add(mean(square(centred), 1, true), epsilon));
      const normal = mul(centred, inverse);
      const value = reshape(biasAdd(mul(normal, scale), shift), x.shape);
      return { value, saved: [normal, inverse, scale] };
    },
    (dy, normal, inverse, scaled) => {
      const gradient = reshape(dy, [-1, width]);
      const weighted = mul(gradient, normal!);
      // Both sums over a row are products with a column.
      const column = div(reshape(scaled!, [width, 1]), width);
      const level = product(gradient, column);
      const tilt = product(weighted, column);
      const dx = mul(sub(sub(mul(gradient, scaled!), mul(normal!, tilt)), level), inverse!);
      return [reshape(dx, dy.shape), biasAddGradient(weighted), biasAddGradient(gradient)];
    },
  );
}

function layerNormAtOnce(x: Tensor, scale: Tensor, shift: Tensor, epsilon: number): Tensor {
  return withGradient(
    'layer norm',
    [x, scale, shift],
    () => {
      const [value, ...statistics] = runKernels(layerNormKernel, { x, scale, shift }, { epsilon });
      return { value: value!, saved: [x, scale, ...statistics] };
    },
    (dy, input, scaled, mean, inverse) =>
      runKernels(layerNormGradientKernel, {
        dy,
        x: input!,
        scale: scaled!,
        mean: mean!,
        inverse: inverse!,
      }),
  );
}
