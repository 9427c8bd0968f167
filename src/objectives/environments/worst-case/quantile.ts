import {
  add,
  cast,
  div,
  erf,
  exp,
  lessEqual,
  max,
  mean,
  min,
  mul,
  range,
  reshape,
  scalar,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';
import type { Quantity } from '../../../engine/engine.js';
import { constantOf, detached } from '../../../engine/ops/detached.js';

/** A mixture of normals of one width around each of some values: a kernel density estimate. */
interface Density {
  /** `[values]` */
  readonly centres: Tensor;
  readonly width: Tensor;
}

/** Keeps a derivative at equal values finite: their variance is far above it otherwise. */
const tiny = 1e-14;

/** Parts into which a bracket is cut at once, and how often: float32 tells no more places apart. */
const parts = 64;
const rounds = 4;

/** Around values `[n]`, 2 or more: the width is 1.06 × their unbiased deviation × n^(−1/5). */
export function densityOf(values: Tensor): Density {
  const count = values.shape[0]!;
  const variance = div(sum(square(sub(values, mean(values)))), count - 1);
  return { centres: values, width: mul(sqrt(add(variance, tiny)), 1.06 * count ** -0.2) };
}

/**
 * The quantile of a density by its bracket, from the lowest to the highest centre's own quantile: where in it the quantile
 * lies counts as a constant, so that a gradient reaches these two centres and the width alone.
 * @param level The quantile's probability.
 * @param reach Its quantile of the standard normal distribution.
 */
export function quantileByBracket(density: Density, level: Quantity, reach: Quantity): Tensor {
  const { centres, width } = density;
  const lowest = add(min(centres), mul(width, reach));
  const span = sub(max(centres), min(centres));
  const place = detached(() => {
    let found: Tensor = scalar(0);
    for (let round = 1; round <= rounds; round++) {
      const step = parts ** -round;
      const tried = add(found, mul(range(1, parts, 1, 'float32'), step));
      const below = cast(lessEqual(shareBelow(density, add(lowest, mul(tried, span))), level), 'float32');
      found = add(found, mul(sum(below), step));
    }
    return add(found, parts ** -rounds / 2);
  });
  return add(lowest, mul(place, span));
}

/** The same with the quantile's own gradient, from share below it = level: dq = −Σ_e ∂F/∂c_e dc_e / F'(q). */
export function quantileOf(density: Density, level: Quantity, reach: Quantity): Tensor {
  const quantile = constantOf(quantileByBracket(density, level, reach));
  const share = reshape(shareBelow(density, reshape(quantile, [1])), []);
  const height = detached(() => {
    const { centres, width } = density;
    const places = div(sub(quantile, centres), width);
    return div(mean(exp(mul(square(places), -0.5))), mul(width, Math.sqrt(2 * Math.PI)));
  });
  return sub(quantile, div(sub(share, constantOf(share)), height));
}

/** How much of a density lies below each of some places `[places]`. */
function shareBelow({ centres, width }: Density, places: Tensor): Tensor {
  const far = div(sub(reshape(places, [-1, 1]), centres), mul(width, Math.SQRT2));
  return mean(add(mul(erf(far), 0.5), 0.5), 1);
}
