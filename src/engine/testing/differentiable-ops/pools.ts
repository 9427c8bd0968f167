import {
  addN,
  avgPool,
  concat,
  div,
  maxPool as maxPoolOfCore,
  mean,
  slice,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { averagePool, globalAveragePool, maxPool } from '../../ops/pooling.js';
import type { DifferentiableOp } from './differentiable-op.js';

export const pools: readonly DifferentiableOp[] = [
  {
    name: 'max pooling',
    kinks: true,
    shapes: [[2, 6, 4, 3]],
    apply: (x) => maxPool(x!, { size: 2 }),
    plain: (x) => maxPoolOfCore(x as Tensor4D, 2, 2, 'valid'),
  },
  {
    name: 'max pooling, overlapping',
    kinks: true,
    shapes: [[2, 5, 5, 2]],
    apply: (x) => maxPool(x!, { size: 3, stride: 2, padding: 'same' }),
    plain: (x) => maxPoolOfCore(x as Tensor4D, 3, 2, 'same'),
  },
  {
    name: 'average pooling',
    shapes: [[2, 5, 5, 3]],
    apply: (x) => averagePool(x!, { size: 2, stride: 1, padding: 'same' }),
    // The core's gradient of padded windows is wrong; the last row and column have windows of their own.
    plain: (x) => {
      const windows = [0, 1].flatMap((down) =>
        [0, 1].map((right) => slice(x!, [0, down, right, 0], [2, 4, 4, 3])),
      );
      const inner = div(addN(windows), 4);
      const bottom = avgPool(slice(x!, [0, 4, 0, 0], [2, 1, 5, 3]) as Tensor4D, [1, 2], 1, 'valid');
      const side = avgPool(slice(x!, [0, 0, 4, 0], [2, 5, 1, 3]) as Tensor4D, [2, 1], 1, 'valid');
      const corner = slice(x!, [0, 4, 4, 0], [2, 1, 1, 3]);
      return concat([concat([inner, bottom], 1), concat([side, corner], 1)], 2);
    },
  },
  {
    name: 'global average pooling',
    shapes: [[2, 5, 4, 3]],
    apply: (x) => globalAveragePool(x!),
    plain: (x) => mean(x!, [1, 2]),
  },
];
