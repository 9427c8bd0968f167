import {
  add,
  div,
  fill,
  matMul,
  mul,
  reshape,
  rsqrt,
  square,
  squaredDifference,
  sub,
  sum,
  type Tensor,
  tile,
} from '@tensorflow/tfjs-core';
import { HeldoutError } from '../../../core/errors.js';
import { sizeOf } from '../../../core/numbers/shape.js';
import { groupNormGradientKernel, groupNormKernel } from '../../kernels/names.js';
import { isAvailable, runKernels } from '../support/available.js';
import { withGradient } from '../support/with-gradient.js';

export interface GroupNormOptions {
  /** Divides the channels. */
  readonly groups: number;
  /** Added to the variance. */
  readonly epsilon: number;
}

/**
 * Group normalisation (Wu and He, 2018): `x` `[batch, ..., channels]`, `scale` and `shift` `[channels]`; every
 * example has one mean and variance (the mean of squared deviations) per group of neighbouring channels.
 *
 * Means turn into a factor and an offset per example and channel, so that the large arrays are read few times;
 * sums over places are products with a row of ones. The gradient is that of PyTorch's kernel.
 */
export function groupNorm(x: Tensor, scale: Tensor, shift: Tensor, options: GroupNormOptions): Tensor {
  const { groups, epsilon } = options;
  const batch = x.shape[0]!;
  const channels = x.shape.at(-1)!;
  if (channels % groups !== 0) {
    throw new HeldoutError({
      code: 'E_MODEL_SHAPE',
      message: `${channels} channels do not divide into ${groups} groups`,
      exitCode: 1,
    });
  }
  if (isAvailable(groupNormKernel)) return groupNormAtOnce(x, scale, shift, options);
  const places = sizeOf(x.shape.slice(1, -1));
  const members = channels / groups;
  const count = places * members;
  const perGroup = (perChannel: Tensor) => sum(reshape(perChannel, [batch, groups, members]), 2, true);
  const perChannel = (perGroupValues: Tensor) =>
    reshape(tile(reshape(perGroupValues, [batch, groups, 1]), [1, 1, members]), [batch, channels]);
  const broadcast = (values: Tensor) => reshape(values, [batch, 1, channels]);
  const flat = (values: Tensor) => reshape(values, [batch, places, channels]);

  return withGradient(
    'group norm',
    [x, scale, shift],
    () => {
      const values = flat(x);
      const mean = perChannel(div(perGroup(sumPlaces(values)), count));
      const deviations = sumPlaces(squaredDifference(values, broadcast(mean)));
      const inverse = perChannel(rsqrt(add(div(perGroup(deviations), count), epsilon)));
      const factor = mul(inverse, scale);
      const offset = sub(shift, mul(mean, factor));
      const value = reshape(add(mul(values, broadcast(factor)), broadcast(offset)), x.shape);
      return { value, saved: [x, mean, inverse, scale] };
    },
    (dy, x_, mean_, inverse_, scale_) => {
      const [values, mean, inverse] = [flat(x_!), mean_!, inverse_!];
      const gradient = flat(dy);
      const level = sumPlaces(gradient);
      const tilt = mul(sub(sumPlaces(mul(gradient, values)), mul(mean, level)), inverse);
      // dx = inverse · (scale·dy - mean of scale·dy - normal · mean of scale·dy·normal), over each group.
      const meanLevel = perChannel(div(perGroup(mul(level, scale_!)), count));
      const meanTilt = perChannel(div(perGroup(mul(tilt, scale_!)), count));
      const slope = mul(square(inverse), meanTilt);
      const constant = sub(mul(slope, mean), mul(meanLevel, inverse));
      const dx = add(
        sub(mul(gradient, broadcast(mul(inverse, scale_!))), mul(values, broadcast(slope))),
        broadcast(constant),
      );
      return [reshape(dx, dy.shape), sum(tilt, 0), sum(level, 0)];
    },
  );
}

/** `[batch, places, channels]` to `[batch, channels]`. */
function sumPlaces(x: Tensor): Tensor {
  const [batch, places, channels] = x.shape as [number, number, number];
  return reshape(matMul(fill([1, 1, places], 1), x), [batch, channels]);
}

function groupNormAtOnce(
  x: Tensor,
  scale: Tensor,
  shift: Tensor,
  { groups, epsilon }: GroupNormOptions,
): Tensor {
  return withGradient(
    'group norm',
    [x, scale, shift],
    () => {
      const [value, ...statistics] = runKernels(groupNormKernel, { x, scale, shift }, { epsilon, groups });
      return { value: value!, saved: [x, scale, ...statistics] };
    },
    (dy, input, scaled, mean, inverse) => {
      const inputs = { dy, x: input!, scale: scaled!, mean: mean!, inverse: inverse! };
      return runKernels(groupNormGradientKernel, inputs, { groups });
    },
  );
}
