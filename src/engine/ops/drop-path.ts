import { add, floor, mul, type Tensor } from '@tensorflow/tfjs-core';
import { randomUniform } from './random-uniform.js';

export interface DropPathOptions {
  /** Share of the examples that lose the branch, in [0, 1). */
  readonly rate: number;
  /** The step's key, int32 `[2]`; without one, as in evaluation, nothing is dropped. */
  readonly key: Tensor | undefined;
  /** Names the draw. */
  readonly salt: number;
}

/**
 * Stochastic depth (Huang et al., 2016) per example: a residual branch `[batch, ...]` is zero for some examples and
 * scaled by 1/(1 − rate) for the others, so that its mean stays.
 */
export function dropPath(branch: Tensor, { rate, key, salt }: DropPathOptions): Tensor {
  if (rate === 0 || key === undefined) return branch;
  const shape = branch.shape.map((length, axis) => (axis === 0 ? length : 1));
  const kept = floor(add(randomUniform(shape, key, salt), 1 - rate));
  return mul(branch, mul(kept, 1 / (1 - rate)));
}
