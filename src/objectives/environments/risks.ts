import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import { cast, mean, mul, oneHot, reshape, sigmoid, slice, sub, sum } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../engine/engine.js';
import { sigmoidCrossEntropy, softmaxCrossEntropy } from '../../engine/ops/cross-entropy.js';
import { softmax } from '../../engine/ops/softmax.js';
import type { Head } from '../../variables/targets.js';

/** The one target of an objective that looks at environments, and how many of these a batch has, in equal blocks of rows. */
export interface EnvironmentHead {
  readonly head: Head;
  /** 2 or more; the rows of the first stand first. */
  readonly environments: number;
}

/** Logits of the target `[rows, width]`, of `outputs.prediction` `[rows, outputs]`. */
export function logitsOf({ head }: EnvironmentHead, outputs: TensorMap): Tensor {
  return slice(outputs.prediction!, [0, head.start], [-1, head.width]);
}

/** Cross-entropy of every example in nats, `[environments, examples]`. */
export function exampleLosses(of: EnvironmentHead, outputs: TensorMap, batch: TensorMap): Tensor {
  const logits = logitsOf(of, outputs);
  const losses =
    of.head.kind === 'binary'
      ? sigmoidCrossEntropy(logits, batch.target!)
      : softmaxCrossEntropy(logits, classesOf(batch));
  return reshape(losses, [of.environments, -1]);
}

/** Risk of every environment: the mean cross-entropy of its examples, `[environments]`. */
export function risks(of: EnvironmentHead, outputs: TensorMap, batch: TensorMap): Tensor {
  return mean(exampleLosses(of, outputs, batch), 1);
}

/**
 * How fast the cross-entropy of each example grows with s where all its logits are multiplied by s, at s = 1: the sum
 * over classes of (p − y) z, `[environments, examples]`. In this closed form a penalty on it needs first derivatives
 * alone.
 */
export function scaleSlopes(of: EnvironmentHead, outputs: TensorMap, batch: TensorMap): Tensor {
  const slopes = sum(mul(excess(of, outputs, batch), logitsOf(of, outputs)), 1);
  return reshape(slopes, [of.environments, -1]);
}

/** The slope of each example's cross-entropy in its logits, p − y, `[rows, width]`. */
export function excess(of: EnvironmentHead, outputs: TensorMap, batch: TensorMap): Tensor {
  const logits = logitsOf(of, outputs);
  if (of.head.kind === 'binary') return sub(sigmoid(logits), batch.target!);
  return sub(softmax(logits), truth(of, batch));
}

/** The classes of all rows, one-hot `[rows, width]`; of a target of several classes. */
export function truth({ head }: EnvironmentHead, batch: TensorMap): Tensor {
  return cast(oneHot(classesOf(batch), head.width), 'float32');
}

/** `[rows, ...]` as `[environments, examples, ...]`. */
export function byEnvironment({ environments }: EnvironmentHead, rows: Tensor): Tensor {
  return reshape(rows, [environments, rows.shape[0]! / environments, ...rows.shape.slice(1)]);
}

function classesOf(batch: TensorMap): Tensor1D {
  return cast(reshape(batch.target!, [-1]), 'int32') as Tensor1D;
}
