import {
  add,
  addN,
  cast,
  div,
  mean,
  mul,
  oneHot,
  reshape,
  type Scalar,
  slice,
  type Tensor,
  type Tensor1D,
} from '@tensorflow/tfjs-core';
import type { TensorMap } from '../engine/engine.js';
import { sigmoidCrossEntropy, softmaxCrossEntropy } from '../engine/ops/cross-entropy.js';
import type { Head } from '../variables/targets.js';

export interface CrossEntropyOptions {
  /** Share of a label that is spread evenly over all classes, in [0, 1) (Szegedy et al. 2016). */
  readonly label_smoothing: number;
}

/**
 * Cross-entropy of every head's softmax in nats, of a binary head's sigmoid, mean over the heads and the batch: of
 * `outputs.prediction` `[batch, outputs]`, logits side by side, and `batch.target` `[batch, heads]`, classes from 0 on; or,
 * where examples are mixed, `batch.soft_target` `[batch, outputs]`, the probabilities of the classes of every head, of a
 * binary one that of level 1.
 */
export function createCrossEntropy(
  { label_smoothing }: CrossEntropyOptions,
  heads: readonly Head[],
): (outputs: TensorMap, batch: TensorMap) => Scalar {
  return (outputs, batch) => {
    const losses = heads.map(({ kind, start, width }, at) => {
      const logits = slice(outputs.prediction!, [0, start], [-1, width]);
      if (kind === 'binary') {
        const { target, soft_target: soft } = batch;
        const positive =
          soft === undefined ? slice(target!, [0, at], [-1, 1]) : slice(soft, [0, start], [-1, 1]);
        return mean(sigmoidCrossEntropy(logits, spread(positive, 2, label_smoothing)));
      }
      if (batch.soft_target !== undefined) {
        const shares = slice(batch.soft_target, [0, start], [-1, width]);
        return mean(softmaxCrossEntropy(logits, spread(shares, width, label_smoothing)));
      }
      const classes = cast(reshape(slice(batch.target!, [0, at], [-1, 1]), [-1]), 'int32');
      return mean(softmaxCrossEntropy(logits, smooth(classes as Tensor1D, width, label_smoothing)));
    });
    return div<Scalar>(addN(losses), heads.length);
  };
}

function smooth(classes: Tensor1D, width: number, share: number): Tensor {
  if (share === 0) return classes;
  return spread(cast(oneHot(classes, width), 'float32'), width, share);
}

/** Shares of some or all of `classes` classes, of which a part is spread evenly over all of them. */
function spread(labels: Tensor, classes: number, share: number): Tensor {
  return share === 0 ? labels : add(mul(labels, 1 - share), share / classes);
}
