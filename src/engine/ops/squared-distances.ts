import {
  add,
  eye,
  mul,
  reshape,
  slice,
  squaredDifference,
  sub,
  sum,
  type Tensor,
  transpose,
} from '@tensorflow/tfjs-core';
import { product } from './product.js';
import { withGradient } from './support/with-gradient.js';

/** Most numbers of one pass: memory is bounded whatever the width. */
const most = 2 ** 22;

/**
 * |x_i − x_j|² of all pairs of rows of `x` `[rows, width]`, `[rows, rows]`. It is taken from differences: |x_i|² + |x_j|²
 * − 2 x_i x_j loses what a kernel of narrow width asks for in float32. The gradient needs products alone.
 * @param slab Most numbers of one pass.
 */
export function squaredDistances(x: Tensor, slab = most): Tensor {
  return withGradient(
    'squared distances',
    [x],
    () => ({ value: computeDistances(x, slab), saved: [x] }),
    (dy, rows) => {
      const count = rows!.shape[0]!;
      // A row's distance to itself never changes; left in, it would only bring rounding with it.
      const pulls = mul(add(dy, transpose(dy)), sub(2, mul(eye(count), 2)));
      return [sub(mul(rows!, sum(pulls, 1, true)), product(pulls, rows!))];
    },
  );
}

function computeDistances(x: Tensor, slab: number): Tensor {
  const [rows, width] = x.shape as [number, number];
  const columns = Math.max(1, Math.floor(slab / rows ** 2));
  let total: Tensor | undefined;
  for (let first = 0; first < width; first += columns) {
    const part = slice(x, [0, first], [rows, Math.min(columns, width - first)]);
    const across = reshape(part, [1, rows, -1]);
    const squares = sum(squaredDifference(reshape(part, [rows, 1, -1]), across), 2);
    total = total === undefined ? squares : add(total, squares);
  }
  return total!;
}
