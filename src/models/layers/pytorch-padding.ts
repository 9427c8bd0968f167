import { pad, type Tensor } from '@tensorflow/tfjs-core';

/**
 * Zeros around images `[batch, height, width, channels]` as PyTorch's `padding=around` puts them, for windows of `size`
 * that move by `stride`; rows and columns that no window reads are left away.
 */
export function padAsPyTorch(x: Tensor, size: number, stride: number, around: number): Tensor {
  const along = (length: number): [number, number] => {
    const unread = (length + 2 * around - size) % stride;
    return [around, around - Math.min(around, unread)];
  };
  const [rows, columns] = [along(x.shape[1]!), along(x.shape[2]!)];
  return pad(x, [[0, 0], rows, columns, [0, 0]]);
}
