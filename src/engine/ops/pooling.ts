import {
  fill,
  matMul,
  reshape,
  type Tensor,
  type Tensor4D,
  avgPool as tfAveragePool,
  maxPool as tfMaxPool,
} from '@tensorflow/tfjs-core';
import { sizeOf } from '../../core/shape.js';

export interface PoolingOptions {
  /** Rows and columns of a window. */
  readonly size: number;
  /** Rows and columns between two windows; as many as a window has, unless told. */
  readonly stride?: number;
  readonly padding?: 'same' | 'valid';
}

/** The largest value of each window: `[batch, height, width, channels]` to `[batch, height', width', channels]`. */
export function maxPool(x: Tensor, { size, stride = size, padding = 'valid' }: PoolingOptions): Tensor {
  return tfMaxPool(x as Tensor4D, size, stride, padding);
}

/** The mean of each window; what `same` pads does not count. */
export function averagePool(x: Tensor, { size, stride = size, padding = 'valid' }: PoolingOptions): Tensor {
  return tfAveragePool(x as Tensor4D, size, stride, padding);
}

/** The mean over all places, as a product with a row: `[batch, ..., channels]` to `[batch, channels]`. */
export function globalAveragePool(x: Tensor): Tensor {
  const batch = x.shape[0]!;
  const channels = x.shape.at(-1)!;
  const places = sizeOf(x.shape.slice(1, -1));
  const row = fill([1, 1, places], 1 / places);
  return reshape(matMul(row, reshape(x, [batch, places, channels])), [batch, channels]);
}
