import { keep, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import type { NamedArrays, TensorMap } from './engine.js';

/** Tensors of the arrays, on the current backend. */
export function toTensors(arrays: NamedArrays): Record<string, Tensor> {
  const entries = Object.entries(arrays);
  return Object.fromEntries(
    entries.map(([name, { data, shape }]) => [
      name,
      tensor(data, [...shape], data instanceof Int32Array ? 'int32' : 'float32'),
    ]),
  );
}

/** Kept tensors of copies, because some backends keep the array itself. */
export function upload(arrays: NamedArrays): TensorMap {
  const copies = Object.entries(arrays).map(([name, { data, shape }]) => [
    name,
    { shape, data: data.slice() },
  ]);
  return tidy(() => {
    const tensors = toTensors(Object.fromEntries(copies));
    for (const value of Object.values(tensors)) keep(value);
    return tensors;
  });
}

/** Copies of the values. */
export function download(tensors: TensorMap): NamedArrays {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, value]) => [
      name,
      { shape: value.shape, data: value.dataSync<'float32' | 'int32'>().slice() },
    ]),
  );
}
