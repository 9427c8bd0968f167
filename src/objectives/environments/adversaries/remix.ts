import {
  add,
  argMax,
  cast,
  greater,
  less,
  matMul,
  max,
  mul,
  oneHot,
  range,
  reshape,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  transpose,
} from '@tensorflow/tfjs-core';
import { detached } from '../../../engine/ops/detached.js';

/** Two rows of a batch for each class: which ones, one-hot `[classes, rows]`, and whether there are two, `[classes]`. */
export interface Pairs {
  readonly first: Tensor;
  readonly second: Tensor;
  readonly valid: Tensor;
}

/** What pairs are chosen by. */
export interface Lots {
  /** Classes of the rows, one-hot `[rows, classes]`. */
  readonly classes: Tensor;
  /** Environments of the rows, one-hot `[rows, environments]`. */
  readonly environments: Tensor;
  /** In [0, 1), `[classes, rows]`: of all rows that may be, the one of the largest number is taken. */
  readonly first: Tensor;
  readonly second: Tensor;
}

/** Two rows of each class, of different environments. */
export function pairWithinClasses({ classes, environments, ...lots }: Lots): Pairs {
  return detached(() => {
    const own = transpose(classes);
    const first = draw(lots.first, own);
    const near = matMul(matMul(first, environments), environments, false, true);
    const apart = mul(own, sub(1, near));
    return { first, second: draw(lots.second, apart), valid: max(apart, 1) };
  });
}

/** DomainBed's: two different places in the list of a class's rows, taken for rows of the batch. */
export function pairByPlaces({ classes, ...lots }: Lots): Pairs {
  return detached(() => {
    const counts = reshape(sum(classes, 0), [-1, 1]);
    const places = reshape(range(0, classes.shape[0]!), [1, -1]);
    const within = cast(less(places, counts), 'float32');
    const first = draw(lots.first, within);
    const second = draw(lots.second, mul(within, sub(1, first)));
    return { first, second, valid: cast(greater(reshape(counts, [-1]), 1), 'float32') };
  });
}

/** Of every row of lots the place of the largest one that may be, one-hot. */
function draw(lots: Tensor, allowed: Tensor): Tensor {
  const places = argMax(mul(add(lots, 1), allowed), 1) as Tensor1D;
  return cast(oneHot(places, lots.shape[1]!), 'float32');
}
