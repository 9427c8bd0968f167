import { add, erf, exp, mul, ones, square, type Tensor } from '@tensorflow/tfjs-core';
import { gegluGradientKernel, gegluKernel } from '../kernels/names.js';
import { scaleEach } from './scale-each.js';
import { isAvailable, runKernel, runKernels } from './support/available.js';
import { withGradient } from './support/with-gradient.js';

/**
 * GEGLU (Shazeer, 2020): `value` ⊙ GELU(`gate`), `[..., modules, n]`, with the exact GELU of the error function; scaled, if
 * wanted, by every module's own `factor`, `[modules, n]` or with leading axes.
 */
export function geglu(value: Tensor, gate: Tensor, factor?: Tensor): Tensor {
  if (isAvailable(gegluKernel) && (factor === undefined || factor.rank === 2)) {
    return gegluAtOnce(value, gate, factor ?? ones([1, value.shape.at(-1)!]));
  }
  const gated = plainGeglu(value, gate);
  return factor === undefined ? gated : scaleEach(gated, factor);
}

function gegluAtOnce(value: Tensor, gate: Tensor, scale: Tensor): Tensor {
  const inputs = { value, gate, scale };
  return withGradient(
    'geglu',
    [value, gate, scale],
    () => ({ value: runKernel(gegluKernel, inputs), saved: [value, gate, scale] }),
    (dy, a, b, g) => runKernels(gegluGradientKernel, { dy, value: a!, gate: b!, scale: g! }),
  );
}

function plainGeglu(value: Tensor, gate: Tensor): Tensor {
  return withGradient(
    'geglu',
    [value, gate],
    () => {
      const below = add(mul(erf(mul(gate, Math.SQRT1_2)), 0.5), 0.5);
      return { value: mul(value, mul(gate, below)), saved: [value, gate, below] };
    },
    (dy, a, b, below) => {
      const density = mul(exp(mul(square(b!), -0.5)), 1 / Math.sqrt(2 * Math.PI));
      const slope = add(below!, mul(b!, density));
      return [mul(dy, mul(b!, below!)), mul(mul(dy, a!), slope)];
    },
  );
}
