import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../engine/engine.js';
import { groupNorm as normalise } from '../../engine/ops/norms/group-norm.js';

/**
 * Group normalisation of `[batch, ..., channels]` with PyTorch's epsilon; its parameters are those of
 * `normParameters`. The number of groups must divide the channels.
 */
export function groupNorm(
  parameters: TensorMap,
  name: string,
  x: Tensor,
  groups: number,
  epsilon = 1e-5,
): Tensor {
  return normalise(x, parameters[`${name}/scale`]!, parameters[`${name}/shift`]!, { groups, epsilon });
}
