import {
  backend_util,
  fill,
  matMul,
  mul,
  pad,
  reshape,
  type Tensor,
  type Tensor4D,
  tensor,
  avgPool as tfAveragePool,
  maxPool as tfMaxPool,
} from '@tensorflow/tfjs-core';
import { sizeOf } from '../../core/numbers/shape.js';

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
  if (padding === 'valid') return tfAveragePool(x as Tensor4D, size, stride, 'valid');
  // TensorFlow.js takes the gradient of padded windows as if what pads them counted.
  const { padInfo, outHeight, outWidth } = backend_util.computePool2DInfo(
    x.shape as Tensor4D['shape'],
    size,
    stride,
    1,
    'same',
  );
  const { top, bottom, left, right } = padInfo;
  const around: [number, number][] = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
  const means = tfAveragePool(pad(x, around) as Tensor4D, size, stride, 'valid');
  const inside = (index: number, before: number, length: number) =>
    Math.min(index * stride - before + size, length) - Math.max(index * stride - before, 0);
  const factors = Float32Array.from({ length: outHeight * outWidth }, (_, place) => {
    const rows = inside(Math.floor(place / outWidth), top, x.shape[1]!);
    return size ** 2 / (rows * inside(place % outWidth, left, x.shape[2]!));
  });
  return mul(means, tensor(factors, [1, outHeight, outWidth, 1]));
}

/** The mean over all places, as a product with a row: `[batch, ..., channels]` to `[batch, channels]`. */
export function globalAveragePool(x: Tensor): Tensor {
  const batch = x.shape[0]!;
  const channels = x.shape.at(-1)!;
  const places = sizeOf(x.shape.slice(1, -1));
  const row = fill([1, 1, places], 1 / places);
  return reshape(matMul(row, reshape(x, [batch, places, channels])), [batch, channels]);
}
