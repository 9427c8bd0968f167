import { cast, equal, reshape, type Tensor, tensor2d } from '@tensorflow/tfjs-core';
import { countUp } from '../random/draw.js';

/** Of level indices `[batch]`: 1 where an example is of a group, else 0, float32 `[batch, groups]`. */
export function membership(group: Tensor, groups: number): Tensor {
  const levels = tensor2d([...countUp(groups)], [1, groups], 'float32');
  return cast(equal(reshape(group, [-1, 1]), levels), 'float32');
}

/** What a head is to answer for level indices `[batch]`: the index itself by one output, else one-hot, `[batch, width]`. */
export function protectedOutputs(group: Tensor, width: number): Tensor {
  return width === 1 ? reshape(group, [-1, 1]) : membership(group, width);
}
