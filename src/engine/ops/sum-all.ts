import { square, sum, type Tensor } from '@tensorflow/tfjs-core';

/** The sum of all elements, in two stages, since one long running sum would lose digits on the wasm tier. */
export function sumAll(values: Tensor): Tensor {
  const leading = values.shape.slice(1).map((_, axis) => axis);
  return sum(leading.length === 0 ? values : sum(values, leading));
}

export function sumOfSquares(values: Tensor): Tensor {
  return sumAll(square(values));
}
