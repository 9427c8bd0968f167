import {
  abs,
  add,
  cast,
  greater,
  less,
  matMul,
  maximum,
  mean,
  mul,
  range,
  relu,
  reshape,
  round,
  type Scalar,
  sigmoid,
  sub,
  sum,
  type Tensor,
  topk,
} from '@tensorflow/tfjs-core';
import type { Quantity, TensorMap } from '../../../engine/engine.js';
import { detached } from '../../../engine/ops/detached.js';
import { softmax } from '../../../engine/ops/softmax.js';
import type { Loss } from '../../objective.js';
import { type EnvironmentHead, logitsOf, risks, truth } from '../risks.js';

/**
 * Representation self-challenging (Huang, Wang, Xing & Huang, ECCV 2020): cross-entropy of features of which the most used
 * are muted. With g the slope of the true class's logit in the features, of the linear read-out a column of its kernel, a
 * feature of an example is kept where g is below the quantile 1 − f of the example's; an example keeps all features where
 * the probability of its class falls by less, without the others, than the quantile 1 − b over the batch. The masks have no
 * gradient. `numbers.feature_drop` is f and `numbers.batch_drop` b.
 *
 * Of `outputs.features` `[environments × examples, width]` besides prediction and target.
 */
export function createRsc(of: EnvironmentHead): Loss {
  return (outputs, batch, numbers, { network, all }) => {
    const features = outputs.features!;
    const mask = detached(() => {
      const used = trueSlopes(of, batch, all['read-out/kernel']!);
      const keep = cast(less(used, upperQuantile(used, numbers.feature_drop!)), 'float32');
      const muted = { prediction: network.readOut(all, mul(features, keep)) };
      const fall = sub(trueShare(of, outputs, batch), trueShare(of, muted, batch));
      const spared = less(fall, upperQuantile(fall, numbers.batch_drop!));
      return maximum(keep, reshape(cast(spared, 'float32'), [-1, 1]));
    });
    const prediction = network.readOut(all, mul(features, mask));
    return mean<Scalar>(risks(of, { prediction }, batch));
  };
}

/** Slope of each example's true logit in its features, `[rows, width]`; of a binary target of the logit's sign for it. */
function trueSlopes(of: EnvironmentHead, batch: TensorMap, kernel: Tensor): Tensor {
  const chosen = of.head.kind === 'binary' ? sub(mul(batch.target!, 2), 1) : truth(of, batch);
  return matMul(chosen, kernel, false, true);
}

/** Probability of each example's true class, `[rows]`. */
function trueShare(of: EnvironmentHead, outputs: TensorMap, batch: TensorMap): Tensor {
  const logits = logitsOf(of, outputs);
  if (of.head.kind !== 'binary') return sum(mul(softmax(logits), truth(of, batch)), 1);
  return reshape(sigmoid(mul(logits, sub(mul(batch.target!, 2), 1))), [-1]);
}

/**
 * The quantile 1 − `dropped` over the last axis, between two elements by a straight line (NumPy's): `[..., 1]`, or of a
 * vector `[1]`. A place that is whole but for rounding is an element itself.
 */
export function upperQuantile(values: Tensor, dropped: Quantity): Tensor {
  const count = values.shape.at(-1)!;
  const place = mul(dropped, count - 1);
  const nearest = round(place);
  const off = sub(place, nearest);
  const between = mul(off, cast(greater(abs(off), 1e-4), 'float32'));
  const distances = abs(sub(range(0, count, 1, 'float32'), add(nearest, between)));
  const weights = relu(sub(1, distances));
  return sum(mul(topk(values, count).values, weights), -1, true);
}
