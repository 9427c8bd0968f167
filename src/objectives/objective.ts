import type { Scalar } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../engine/engine.js';

/**
 * What a training step minimises. Pure: the model's outputs and the batch they belong to (targets, and
 * whatever variables the objective looks at) to a scalar.
 */
export type Objective = (outputs: TensorMap, batch: TensorMap) => Scalar;
