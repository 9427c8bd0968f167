import { add, erf, mul, square, tanh } from '@tensorflow/tfjs-core';
import { biasAdd } from '../../ops/bias-add.js';
import { geglu } from '../../ops/geglu.js';
import { gelu } from '../../ops/gelu.js';
import { scaleEach } from '../../ops/scale-each.js';
import type { DifferentiableOp } from './differentiable-op.js';

export const elementwise: readonly DifferentiableOp[] = [
  {
    name: 'bias',
    shapes: [[2, 3, 4], [4]],
    apply: (x, bias) => biasAdd(x!, bias!),
    plain: (x, bias) => add(x!, bias!),
  },
  {
    name: 'gelu, erf',
    shapes: [[4, 6]],
    apply: (x) => gelu(mul(x!, 3)),
    plain: (x) => mul(mul(x!, 1.5), add(erf(mul(x!, 3 * Math.SQRT1_2)), 1)),
  },
  {
    name: 'geglu',
    shapes: [
      [4, 6],
      [4, 6],
    ],
    apply: (value, gate) => geglu(value!, mul(gate!, 3)),
    plain: (value, gate) => mul(mul(value!, mul(gate!, 1.5)), add(erf(mul(gate!, 3 * Math.SQRT1_2)), 1)),
  },
  {
    name: 'geglu of modules',
    shapes: [
      [2, 3, 5],
      [2, 3, 5],
      [3, 5],
    ],
    apply: (value, gate, factor) => geglu(value!, mul(gate!, 3), factor!),
    plain: (value, gate, factor) =>
      mul(mul(mul(value!, mul(gate!, 1.5)), add(erf(mul(gate!, 3 * Math.SQRT1_2)), 1)), factor!),
  },
  {
    name: 'scaling of each',
    shapes: [
      [2, 3, 4],
      [3, 4],
    ],
    apply: (x, scale) => scaleEach(x!, scale!),
    plain: (x, scale) => mul(x!, scale!),
  },
  {
    name: 'gelu, tanh',
    shapes: [[4, 6]],
    apply: (x) => gelu(mul(x!, 3), 'tanh'),
    plain: (x) => {
      const y = mul(x!, 3);
      const inner = mul(add(y, mul(mul(y, square(y)), 0.044715)), Math.sqrt(2 / Math.PI));
      return mul(mul(y, 0.5), add(tanh(inner), 1));
    },
  },
];
