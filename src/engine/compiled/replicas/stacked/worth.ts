import { sizeOf } from '../../../../core/numbers/shape.js';
import type { Recording } from '../../recording/recording.js';
import { separate } from './separate.js';

/** Most numbers in a result of a convolution, which is done for one replica after the other. */
const mostConvolved = 2 ** 16;
/** Most numbers in any result. */
const mostComputed = 2 ** 20;

/**
 * Whether a stacked step should be faster than sub-graphs: where ops are so small that a good part of their time
 * is the call. In large ones TensorFlow gains more by fusing bias and activation with a product or a convolution,
 * which it does for single ones only. On 2 cores, as steps of 8: a CNN for 16x16 images 0.9 of the sub-graphs'
 * time, for 28x28 images 1.1, for 64x64 images 1.2 to 2; an MLP with 100,000 weights 0.9, with 2,000,000 1.1.
 */
export function isWorthStacking({ ops }: Recording): boolean {
  return ops.every(({ op, shapes }) => {
    const most = op in separate ? mostConvolved : mostComputed;
    return shapes.every((shape) => sizeOf(shape) <= most);
  });
}
