import {
  engine,
  exp,
  mul,
  neg,
  oneHot,
  reshape,
  sigmoid,
  softplus,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
} from '@tensorflow/tfjs-core';
import { sparseCrossEntropy, softmaxCrossEntropy as withLogits } from '../kernels/names.js';
import { computeLogSoftmax } from './softmax.js';
import { isAvailable } from './support/available.js';
import { withGradient, withoutGradient } from './support/with-gradient.js';

const targetName = 'the target of cross-entropy';

/**
 * Cross-entropy of softmax(`logits`) `[batch, classes]`, one loss per example `[batch]`. `target` is the classes,
 * int32 `[batch]` with values from 0 to classes - 1, or probabilities `[batch, classes]` that sum to 1 over the
 * classes. No gradient is taken with respect to the target.
 */
export function softmaxCrossEntropy(logits: Tensor, target: Tensor): Tensor {
  const losses = withGradient(
    'cross-entropy',
    [logits],
    () => {
      const [value, slope] = target.rank === 1 ? byClass(logits, target) : byShare(logits, target);
      return { value, saved: [slope] };
    },
    (dy, slope) => [mul(slope!, reshape(dy, [-1, 1]))],
  );
  return withoutGradient(losses, targetName, target);
}

type LossAndSlope = readonly [loss: Tensor, slope: Tensor];

function byClass(logits: Tensor, labels: Tensor): LossAndSlope {
  if (isAvailable(sparseCrossEntropy)) return runPair(sparseCrossEntropy, logits, labels);
  return byShare(logits, oneHot(labels as Tensor1D, logits.shape[1]!));
}

function byShare(logits: Tensor, labels: Tensor): LossAndSlope {
  if (isAvailable(withLogits) && labels.dtype === logits.dtype) return runPair(withLogits, logits, labels);
  const logs = computeLogSoftmax(logits);
  return [neg(sum(mul(logs, labels), 1)), sub(exp(logs), labels)];
}

function runPair(kernelName: string, features: Tensor, labels: Tensor): LossAndSlope {
  return engine().runKernel(kernelName, { features, labels }) as [Tensor, Tensor];
}

/**
 * Cross-entropy of sigmoid(`logits`), elementwise, any shape; `target` of the same shape lies in [0, 1]. No gradient
 * is taken with respect to the target.
 */
export function sigmoidCrossEntropy(logits: Tensor, target: Tensor): Tensor {
  const losses = withGradient(
    'sigmoid cross-entropy',
    [logits],
    () => ({ value: sub(softplus(logits), mul(logits, target)), saved: [logits, target] }),
    (dy, x, wanted) => [mul(dy, sub(sigmoid(x!), wanted!))],
  );
  return withoutGradient(losses, targetName, target);
}
