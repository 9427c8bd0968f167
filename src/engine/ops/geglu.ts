import { add, erf, exp, mul, square, type Tensor } from '@tensorflow/tfjs-core';
import { withGradient } from './with-gradient.js';

/** GEGLU (Shazeer, 2020): `value` ⊙ GELU(`gate`), elementwise, with the exact GELU of the error function. */
export function geglu(value: Tensor, gate: Tensor): Tensor {
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
