import { expandDims, square, sub, sum } from '@tensorflow/tfjs-core';
import { squaredDistances } from '../../ops/squared-distances.js';
import type { DifferentiableOp } from './differentiable-op.js';

const plain: DifferentiableOp['plain'] = (x) => sum(square(sub(expandDims(x!, 1), expandDims(x!, 0))), 2);

export const distances: readonly DifferentiableOp[] = [
  { name: 'squared distances', shapes: [[5, 3]], apply: (x) => squaredDistances(x!), plain },
  {
    name: 'squared distances, in several passes',
    shapes: [[4, 5]],
    apply: (x) => squaredDistances(x!, 32),
    plain,
  },
];
