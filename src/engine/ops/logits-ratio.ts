import {
  add,
  argMax,
  cast,
  div,
  mul,
  neg,
  oneHot,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
} from '@tensorflow/tfjs-core';
import { detached } from './detached.js';

/** Takes a logit out of those among which the next one is the largest. */
const beyond = 1e30;
/** So that three equal logits are no division by 0. */
const tiny = 1e-12;

/**
 * Difference of logits ratio (Croce & Hein 2020), one loss per example `[batch]`:
 *
 *     −(z_y − max_{j≠y} z_j) / (z_(1) − z_(3)),
 *
 * of logits z `[batch, classes]`, at least three, the largest of which is z_(1), and true classes y, float32 one-hot of the
 * same shape. Above 0 where the answer is wrong; it stays the same when all logits are shifted or scaled. Its gradient takes
 * the places of the three as they are.
 */
export function logitsRatio(logits: Tensor, classes: Tensor): Tensor {
  const [first, second, third] = detached(() => findLargest(logits));
  const pick = (places: Tensor) => sum(mul(logits, places), 1);
  const isRight = detached(() => sum(mul(first, classes), 1));
  const largest = pick(first);
  // Where the answer is right, the second one is the largest of the others.
  const other = add(mul(pick(second), isRight), mul(largest, sub(1, isRight)));
  return neg(div(sub(pick(classes), other), add(sub(largest, pick(third)), tiny)));
}

/** The places of the three largest of every row, one-hot. */
function findLargest(logits: Tensor): readonly [Tensor, Tensor, Tensor] {
  const width = logits.shape[1]!;
  const find = (among: Tensor) => cast(oneHot(argMax(among, 1) as Tensor1D, width), 'float32');
  const first = find(logits);
  const rest = sub(logits, mul(first, beyond));
  const second = find(rest);
  return [first, second, find(sub(rest, mul(second, beyond)))];
}
