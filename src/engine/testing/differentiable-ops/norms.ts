import { add, concat, mean, mul, reshape, rsqrt, square, sub, type Tensor } from '@tensorflow/tfjs-core';
import { groupNorm } from '../../ops/norms/group-norm.js';
import { layerNorm } from '../../ops/norms/layer-norm.js';
import { moduleNorm } from '../../ops/norms/module-norm.js';
import type { DifferentiableOp } from './differentiable-op.js';

const normalise = (x: Tensor, axes: number[]) => {
  const centred = sub(x, mean(x, axes, true));
  return mul(centred, rsqrt(add(mean(square(centred), axes, true), 1e-5)));
};
export const norms: readonly DifferentiableOp[] = [
  {
    name: 'norms of modules',
    shapes: [[2, 3, 7], [7], [7], [3, 7], [3, 7]],
    apply: (x, scale, shift, ...factors) => concat(moduleNorm(x!, scale!, shift!, 1e-5, factors), 0),
    plain: (x, scale, shift, ...factors) => {
      const normal = add(mul(normalise(x!, [2]), scale!), shift!);
      return concat(
        factors.map((factor) => mul(normal, factor)),
        0,
      );
    },
  },
  ...[
    [5, 8],
    [2, 3, 7],
    [1, 1],
  ].map(
    (shape): DifferentiableOp => ({
      name: `layer norm, [${shape}]`,
      shapes: [shape, [shape.at(-1)!], [shape.at(-1)!]],
      apply: (x, scale, shift) => layerNorm(x!, scale!, shift!, 1e-5),
      plain: (x, scale, shift) => add(mul(normalise(x!, [x!.rank - 1]), scale!), shift!),
    }),
  ),
  ...(
    [
      [[2, 3, 3, 8], 4, 0],
      [[3, 5, 4, 6], 1, 0],
      [[2, 4, 6], 6, 0],
      [[2, 4, 3, 8], 2, 3],
    ] as const
  ).map(
    ([shape, groups, offset]): DifferentiableOp => ({
      name: `group norm, [${shape}], ${groups} groups, around ${offset}`,
      shapes: [shape, [shape.at(-1)!], [shape.at(-1)!]],
      offset,
      apply: (x, scale, shift) => groupNorm(x!, scale!, shift!, { groups, epsilon: 1e-5 }),
      plain: (x, scale, shift) => {
        const parts = reshape(x!, [x!.shape[0]!, -1, groups, x!.shape.at(-1)! / groups]);
        return add(mul(reshape(normalise(parts, [1, 3]), x!.shape), scale!), shift!);
      },
    }),
  ),
];
