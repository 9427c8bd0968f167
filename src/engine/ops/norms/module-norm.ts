import { mul, type Tensor } from '@tensorflow/tfjs-core';
import { moduleNormGradientKernel, moduleNormKernel } from '../../kernels/names.js';
import { scaleEach } from '../scale-each.js';
import { isAvailable, runKernels } from '../support/available.js';
import { withGradient } from '../support/with-gradient.js';
import { layerNorm } from './layer-norm.js';

/**
 * Layer normalisation whose result is scaled by every module's own `factors`: `x` `[..., modules, n]`, `scale` and `shift`
 * `[n]`, each of the factors `[modules, n]`, or with leading axes of `x`, or undefined for none. One result per factor.
 */
export function moduleNorm(
  x: Tensor,
  scale: Tensor,
  shift: Tensor,
  epsilon: number,
  factors: readonly (Tensor | undefined)[],
): Tensor[] {
  /** The plain norm, for all that begin with it. */
  let plain: Tensor | undefined;
  const normal = () => {
    plain ??= layerNorm(x, scale, shift, epsilon);
    return plain;
  };
  return factors.map((factor) => {
    if (factor === undefined) return normal();
    if (factor.rank > 2 || x.rank < 3 || !isAvailable(moduleNormKernel)) return scaleEach(normal(), factor);
    return normAtOnce(x, mul(factor, scale), mul(factor, shift), epsilon);
  });
}

/** The norm with a scale and a shift `[modules, n]` of each module. */
function normAtOnce(x: Tensor, scale: Tensor, shift: Tensor, epsilon: number): Tensor {
  return withGradient(
    'module norm',
    [x, scale, shift],
    () => {
      const [value, ...statistics] = runKernels(moduleNormKernel, { x, scale, shift }, { epsilon });
      return { value: value!, saved: [x, scale, ...statistics] };
    },
    (dy, input, scaled, mean, inverse) =>
      runKernels(moduleNormGradientKernel, {
        dy,
        x: input!,
        scale: scaled!,
        mean: mean!,
        inverse: inverse!,
      }),
  );
}
