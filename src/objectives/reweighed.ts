import { mean, mul, reshape, type Scalar, slice } from '@tensorflow/tfjs-core';
import { sigmoidCrossEntropy } from '../engine/ops/cross-entropy.js';
import type { Head } from '../variables/targets.js';
import type { Loss } from './objective.js';

/**
 * Cross-entropy of the one binary target, in which every example counts as often as `batch.weight` `[batch]` says, mean
 * over the batch: with P(a) P(y) / P(a, y) of the training set, group and target are independent (Kamiran & Calders 2012).
 */
export function createReweighed({ start }: Head): Loss {
  return (outputs, batch) => {
    const logits = slice(outputs.prediction!, [0, start], [-1, 1]);
    const losses = sigmoidCrossEntropy(logits, slice(batch.target!, [0, 0], [-1, 1]));
    return mean<Scalar>(mul(losses, reshape(batch.weight!, [-1, 1])));
  };
}
