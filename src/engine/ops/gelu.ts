import { add, erf, exp, mul, square, sub, type Tensor, tanh } from '@tensorflow/tfjs-core';
import { withGradient } from './support/with-gradient.js';

export type GeluForm = 'erf' | 'tanh';

/**
 * Gaussian error linear units (Hendrycks and Gimpel, 2016), elementwise: x·Φ(x), with Φ by the error function
 * (PyTorch's default) or by the paper's approximation with tanh (PyTorch's `approximate='tanh'`).
 */
export function gelu(x: Tensor, form: GeluForm = 'erf'): Tensor {
  return form === 'erf' ? exactGelu(x) : tanhGelu(x);
}

function exactGelu(x: Tensor): Tensor {
  return withGradient(
    'gelu',
    [x],
    () => {
      const below = add(mul(erf(mul(x, Math.SQRT1_2)), 0.5), 0.5);
      return { value: mul(x, below), saved: [x, below] };
    },
    (dy, input, below) => {
      const density = mul(exp(mul(square(input!), -0.5)), 1 / Math.sqrt(2 * Math.PI));
      return [mul(dy, add(below!, mul(input!, density)))];
    },
  );
}

const slope = Math.sqrt(2 / Math.PI);
const cubic = 0.044715;

function tanhGelu(x: Tensor): Tensor {
  return withGradient(
    'gelu',
    [x],
    () => {
      const inner = mul(x, add(mul(square(x), slope * cubic), slope));
      const bent = tanh(inner);
      return { value: mul(x, add(mul(bent, 0.5), 0.5)), saved: [x, bent] };
    },
    (dy, input, bent) => {
      const below = add(mul(bent!, 0.5), 0.5);
      const innerSlope = add(mul(square(input!), (3 * slope * cubic) / 2), slope / 2);
      const density = mul(mul(input!, innerSlope), sub(1, square(bent!)));
      return [mul(dy, add(below, density))];
    },
  );
}
